/* The calculator, live: counts in the browser, keeps the draft in the browser, sends nothing. Without this file the page
   works by submitting. */

import { rowOf } from './scoring.js';
import { signed } from './advice.js';
import { openSheet } from './sheet.js';
import { read } from './worksheet.js';
import { keyOf, NotADraft, parse, write } from './draft.js';

const sheet = document.getElementById('sheet');
const form = JSON.parse(sheet.dataset.form);
const { find, all, current, fill, unfold, showClosed, showErrors, showScores, speak } = openSheet(sheet, form);
const isEmpty = (state) => !Object.keys(state.fields).length;

// ── showing ──

function showMarked(state, scores) {
  const marked = scores?.[state.category].explanations.map((row) => [linkTo(row.criterion), ': ', strong(signed(row.points))]);
  list(find('[data-marked]'), marked ?? []);
}

function showAdvice(advice) {
  const steps = advice?.steps ?? [];
  list(find('[data-advice]'), steps.map((step) => {
    const row = rowOf(form, step.criterion);
    const option = row.options.find((one) => one.index === step.option);
    const times = step.count > 1 ? ` ×${step.count}: ` : ': ';
    const parts = [linkTo(step.criterion), times, strong(`+${step.points}`), ` ${option.label}`];
    if (row.plain) return parts;
    const label = document.createElement('span');
    label.textContent = row.label;
    return [...parts, ' ', label];
  }));
  find('[data-closes]').hidden = !steps.length || advice.closes;
}

function list(holder, items) {
  holder.hidden = !items.length;
  holder.querySelector('ol, ul').replaceChildren(...items.map((parts) => {
    const item = document.createElement('li');
    item.append(...parts);
    return item;
  }));
}

function linkTo(clause) {
  const link = document.createElement('a');
  link.href = `#row-${clause}`;
  link.textContent = `Строка ${clause}`;
  return link;
}

function strong(text) {
  const element = document.createElement('strong');
  element.textContent = text;
  return element;
}

// ── counting as one types ──

function recount({ aloud = false, keep = true } = {}) {
  const state = current();
  showClosed(state);
  const { scores, advice, errors } = read(form, state);
  showErrors(errors);
  showScores(state, scores);
  showMarked(state, scores);
  showAdvice(advice);
  if (keep) keepDraft(state);
  if (aloud) speak(state, scores, errors);
}

// ── the draft ──

function keepDraft(state) {
  try {
    if (isEmpty(state)) localStorage.removeItem(keyOf(form));
    else localStorage.setItem(keyOf(form), write(form, state));
  } catch {
    tell('told', 'Браузер не разрешает хранить черновик. Чтобы не потерять введённое, сохраните его в файл.');
  }
}

function keptDraft() {
  try {
    const text = localStorage.getItem(keyOf(form));
    return text && parse(form, text);
  } catch {
    return null; // Not readable, or of another edition: nothing to restore.
  }
}

/** A sentence in one of the two places for messages, with a button that does something about it. */
function tell(place, sentence, label = '', action = null) {
  const box = document.getElementById(place);
  const words = document.createElement('p');
  words.textContent = sentence;
  box.replaceChildren(words);
  box.hidden = false;
  if (!action) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = label;
  button.addEventListener('click', action);
  box.append(button);
}

/** Put a state into the fields and offer the way back. */
function replace(place, state, sentence) {
  const before = current();
  fill(state);
  recount();
  if (isEmpty(before)) {
    tell(place, sentence);
    return;
  }
  tell(place, sentence, 'Вернуть, как было', () => {
    fill(before);
    recount();
    tell(place, 'Вернули, как было.');
    find('#position').focus();
  });
}

function startAgain(place) {
  replace(place, { ...current(), fields: {} }, 'Всё очищено.');
  if (place === 'restored') (document.querySelector('#restored button') ?? find('#position')).focus();
}

function save() {
  const address = URL.createObjectURL(new Blob([write(form, current())], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `Калькулятор, форма ${form.number}.json`;
  link.click();
  URL.revokeObjectURL(address);
  tell('told', 'Черновик сохранён в файл.');
}

async function load(event) {
  const [file] = event.target.files;
  if (!file) return;
  try {
    replace('told', parse(form, await file.text()).state, 'Черновик загружен из файла.');
  } catch (error) {
    if (!(error instanceof NotADraft)) throw error;
    tell('told', error.message);
  }
  event.target.value = ''; // so that the same file may be chosen again
}

// ── from here on the page is alive ──

function addSteps(input) {
  const step = (by) => {
    const count = /^[0-9]+$/.test(input.value.trim()) ? Number(input.value) : 0;
    input.value = String(Math.min(1000, Math.max(0, count + by)) || '');
    recount({ aloud: true });
  };
  // For the hand only: from the keyboard the arrows do the same.
  const button = (sign, by) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.tabIndex = -1;
    made.textContent = sign;
    made.setAttribute('aria-label', by > 0 ? 'Прибавить' : 'Убавить');
    made.addEventListener('click', () => step(by));
    return made;
  };
  input.before(button('−', -1));
  input.after(button('+', 1));
  input.addEventListener('keydown', (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
}

/** Restore the draft, unless the page came back from the server filled in; what the address names (the finder does) stays. */
function restore() {
  const draft = 'answered' in sheet.dataset ? null : keptDraft();
  if (!draft) return;
  const address = new URLSearchParams(location.search);
  const named = Object.entries(current()).filter(([name]) => address.get(name));
  fill({ ...draft.state, ...Object.fromEntries(named) });
  const when = draft.saved.toLocaleString('ru-RU', { dateStyle: 'long', timeStyle: 'short' });
  tell('restored', `Вернули ваш черновик: ${when}.`, 'Начать заново', () => startAgain('restored'));
}

for (const element of document.querySelectorAll('[data-plain]')) element.hidden = true;
for (const element of document.querySelectorAll('[data-live]')) element.hidden = false;
for (const input of all('.count')) addSteps(input);
restore();
recount({ keep: false });

sheet.addEventListener('input', (event) => {
  if (event.target.type !== 'file') recount({ aloud: true });
});
sheet.addEventListener('submit', (event) => {
  if (event.submitter?.hasAttribute('formaction')) return;
  event.preventDefault();
  recount({ aloud: true });
});
// Only the list of papers is asked of the site: it needs no names.
sheet.addEventListener('formdata', ({ formData }) => {
  for (const name of [...formData.keys()]) if (name.startsWith('n-')) formData.delete(name);
});
sheet.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#row-"]');
  if (!link) return;
  const row = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  // Not the browser's own jump: that would take the focus away from the field.
  event.preventDefault();
  unfold(row);
  row.scrollIntoView();
  row.querySelector('input:not(:disabled)')?.focus({ preventScroll: true });
});
document.getElementById('save').addEventListener('click', save);
document.getElementById('load').addEventListener('change', load);
document.getElementById('again').addEventListener('click', () => startAgain('told'));
