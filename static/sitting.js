// A roll-call: the count as it is being entered, and one press for everybody. The page is whole without this file.
'use strict';

for (const form of document.querySelectorAll('form[data-tally]')) {
  const { needed, tie, proposed, establish, refuse } = form.dataset;
  const told = form.querySelector('[data-count]');
  const motive = form.querySelector('textarea');
  const chosen = (value) => form.querySelectorAll(`input[type="radio"][value="${value}"]:checked`).length;

  // What the votes would decide: the same rule as procedure/voting.py.
  const decision = (votesFor, votesAgainst) => {
    if (votesFor + votesAgainst < Number(needed)) return '';
    if (votesFor === votesAgainst) return tie;
    return votesFor > votesAgainst ? establish : refuse;
  };

  const tell = () => {
    const votesFor = chosen('for');
    const votesAgainst = chosen('against');
    const decided = decision(votesFor, votesAgainst);
    const words = [`За ${votesFor}, против ${votesAgainst}, не голосовали ${chosen('')}.`];
    if (!decided) words.push(`Кворума нет: нужно ${needed}.`);
    else words.push(`Решение: ${decided}${votesFor === votesAgainst ? ' – голоса поровну, в пользу педагога' : ''}.`);
    const differs = decided && decided !== proposed;
    if (differs) words.push(proposed ? 'Оно расходится с заключением: нужны мотивы.' : 'Опереться на одно заключение нельзя: нужны мотивы.');
    told.textContent = words.join(' ');
    motive.required = Boolean(differs);
  };

  // Only a vote changes the count. A text that is left by a press must not move the button from under it.
  form.addEventListener('change', (event) => { if (event.target.type === 'radio') tell(); });
  // What was refused comes back with the votes that were chosen.
  if (form.querySelector('input[type="radio"]:checked:not([value=""])')) tell();
  const everyone = form.querySelector('.everyone');
  everyone.hidden = false;
  for (const button of everyone.querySelectorAll('[data-everyone]')) {
    button.addEventListener('click', () => {
      for (const radio of form.querySelectorAll(`input[type="radio"][value="${button.dataset.everyone}"]`)) radio.checked = true;
      tell();
      form.dispatchEvent(new Event('input'));
    });
  }
}
