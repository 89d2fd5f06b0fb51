// Small conveniences of the office. Every page is whole without this file.
'use strict';

// While a PDF is being made, look again every two seconds; when it is settled, the page shows what is next.
for (const box of document.querySelectorAll('[data-progress]')) {
  const text = box.querySelector('.progress-text');
  const bar = box.querySelector('progress');
  const look = async () => {
    if (document.hidden) return;
    let now;
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: 'application/json' } });
      if (!answer.ok || answer.redirected) return;
      now = await answer.json();
    } catch {
      return; // the network is away: the next look tells
    }
    if (!now.moving) {
      clearInterval(timer);
      location.reload();
      return;
    }
    if (text.textContent !== now.sentence) text.textContent = now.sentence;
    if (now.total) {
      bar.max = now.total;
      bar.value = now.done;
    }
  };
  const timer = setInterval(look, 2000);
}

// One press is enough: a form that is on its way is not sent twice.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = '1';
  });
}
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// Leaving a text that was changed and not saved asks first.
for (const form of document.querySelectorAll('.form-page')) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
}
