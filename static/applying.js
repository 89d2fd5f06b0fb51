// A step of an application saves itself while it is filled in. The page is whole without this file.
'use strict';

const PAUSE = 1500;
const RETRY = 10_000;

/** What came of sending the fields: the server's JSON, or a sentence saying why there is none. `lost`: try again. */
async function send(form, keepalive) {
  let answer;
  try {
    const fields = new FormData(form);
    const headers = { Accept: 'application/json', 'X-CSRFToken': fields.get('csrf_token') };
    answer = await fetch(form.dataset.autosave, { method: 'POST', body: fields, headers, keepalive });
  } catch {
    return { lost: true, refusal: 'Нет связи с сервером. Введённое остаётся на странице и сохранится, когда связь появится.' };
  }
  if (answer.headers.get('Content-Type')?.startsWith('application/json')) return answer.json();
  if (answer.status >= 500) return { lost: true, refusal: 'Сервер пока не отвечает. Введённое остаётся на странице, попробуем ещё раз.' };
  return { refusal: 'Сеанс закончился. Войдите снова в другой вкладке и вернитесь сюда: введённое остаётся на странице.' };
}

for (const form of document.querySelectorAll('form[data-autosave]')) {
  const told = form.querySelector('[data-saved]');
  let changed = false;
  let stopped = false;
  let sending = null;
  let timer;

  const save = async (keepalive = false) => {
    clearTimeout(timer);
    if (!changed || stopped || sending) return;
    changed = false;
    sending = send(form, keepalive);
    const answer = await sending;
    sending = null;
    if (answer.seen) form.elements.seen.value = answer.seen;
    told.textContent = answer.saved ?? answer.refusal;
    told.classList.toggle('refusal', Boolean(answer.refusal));
    if (answer.refusal) changed = true;
    if (answer.lost) timer = setTimeout(save, RETRY);
    // Something else stands there by now: the button compares, nothing overwrites.
    else if (answer.refusal) stopped = true;
    else if (changed) timer = setTimeout(save, PAUSE);
  };

  form.addEventListener('input', () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  window.addEventListener('online', () => save());
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(true); });
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });

  // The button waits for what is on its way, so that a page does not meet itself as «another window».
  form.addEventListener('submit', async (event) => {
    clearTimeout(timer);
    if (sending) {
      event.preventDefault();
      await sending;
      clearTimeout(timer);
      stopped = true;
      changed = false;
      form.requestSubmit(event.submitter);
      return;
    }
    stopped = true;
    changed = false;
  });
}
