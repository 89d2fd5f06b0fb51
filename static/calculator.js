/* The calculator, live: counts in the browser, keeps the draft in the browser, sends nothing. Without this file the page
   works by submitting. */

import { isOpenTo, rowOf, rowsOf } from './scoring.js';
import { brief, lacking, outlook, signed, silence, totalWords, uncertain } from './advice.js';
import { isClosedOption, read } from './worksheet.js';
import { keyOf, NotADraft, parse, write } from './draft.js';

const sheet = document.getElementById('sheet');
const form = JSON.parse(sheet.dataset.form);
const find = (selector) => sheet.querySelector(selector);
const all = (selector) => [...sheet.querySelectorAll(selector)];
const fields = all('[name^="c-"], [name^="n-"]');
const QUIET_MS = 700;

// ── the fields as a state and back ──

function current() {
  const filled = fields.map((field) => [field.name, field.type === 'checkbox' ? (field.checked ? '1' : '') : field.value]);
  return {
    position: find('#position').value,
    category: find('[name="category"]:checked')?.value ?? 'first',
    role: find('[name="role"]:checked')?.value ?? '',
    discipline: find('#discipline')?.value ?? '',
    fields: Object.fromEntries(filled.filter(([, value]) => value.trim())),
  };
}

function fill(state) {
  const chosen = form.positions.length === 1 ? form.positions[0] : state.position;
  find('#position').value = chosen;
  for (const radio of all('[type="radio"]')) radio.checked = radio.value === state[radio.name];
  if (find('#discipline')) find('#discipline').value = state.discipline;
  for (const field of fields) {
    const value = state.fields[field.name] ?? '';
    if (field.type === 'checkbox') field.checked = Boolean(value);
    else field.value = value;
    if (value) unfold(field);
  }
}

const isEmpty = (state) => !Object.keys(state.fields).length;

function unfold(element) {
  for (let folded = element.closest('details'); folded; folded = folded.parentElement.closest('details')) folded.open = true;
}

// ── showing ──

function show(element, text) {
  if (!element) return;
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

function showClosed(state) {
  for (const row of rowsOf(form)) {
    const open = !state.position || isOpenTo(row, state.position);
    const box = document.getElementById(`row-${row.id}`);
    box.classList.toggle('closed', !open);
    const why = find(`[data-closed="${row.id}"]`);
    if (why) why.hidden = open;
    for (const option of row.options) {
      const shut = isClosedOption(form, option, state);
      for (const field of box.querySelectorAll(`[name$="-${row.id}-${option.index}"]`)) {
        field.disabled = !open || shut;
        const reason = field.closest('.line').querySelector('[data-role]');
        if (reason) reason.hidden = !shut;
        for (const button of field.parentElement.querySelectorAll('button')) button.disabled = field.disabled;
      }
    }
  }
}

function showErrors(errors) {
  for (const place of all('.refusal[id^="e-"]')) {
    const name = place.id.slice(2);
    const holder = document.getElementById(name);
    if (name === 'position' && !find('#position').value) continue; // what the server said of the address stays
    show(place, errors[name] ?? '');
    if (errors[name]) holder.setAttribute('aria-invalid', 'true');
    else holder.removeAttribute('aria-invalid');
  }
  const [[name, sentence] = []] = Object.entries(errors);
  const where = name?.[1] === '-' ? `Строка ${name.split('-')[1]}. ` : '';
  show(find('[data-wrong]'), name ? `Не всё посчитано. ${where}${sentence}` : '');
}

function showScores(state, scores) {
  const result = scores?.[state.category];
  const said = new Map(result?.explanations.map((row) => [row.criterion, row]));
  const threshold = form.thresholds.find((row) => row.position === state.position) ?? form.minima.at(-1);
  const total = result ? totalWords(result.low, result.total) : state.position ? '—' : 'Выберите должность';
  for (const place of all('[data-total]')) place.textContent = total;
  show(find('[data-brief]'), result ? brief(result) : '');
  show(find('[data-silence]'), result ? silence(uncertain(result)) : '');
  for (const goal of all('[data-goal]')) {
    const key = goal.dataset.goal;
    const required = state.position ? threshold[key] : null;
    const progress = goal.querySelector('progress');
    goal.querySelector('[data-required]').textContent = required ?? '';
    progress.max = required || 100;
    progress.value = Math.max(0, scores?.[key].total ?? 0);
    const otherwise = required === null ? 'Выберите должность.' : `Нужно ${lacking(required)}.`;
    goal.querySelector('[data-outlook]').textContent = scores ? outlook(scores[key]) : otherwise;
  }
  for (const row of all('[data-said]')) show(row, said.get(row.dataset.said)?.text ?? '');
  for (const section of form.sections) {
    const rows = section.criteria.flatMap((row) => said.get(row.id) ?? []);
    const sum = (figure) => rows.reduce((points, row) => points + row[figure], 0);
    find(`[data-subtotal="${section.number}"]`).textContent = rows.length ? totalWords(sum('low'), sum('points')) : '';
  }
  for (const cell of all('[data-part]')) {
    cell.textContent = result?.sections.find((part) => part.section === cell.dataset.part).points ?? 0;
  }
  const marked = result?.explanations.map((row) => [linkTo(row.criterion), ': ', strong(signed(row.points))]);
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

let speaking;

function recount({ aloud = false, keep = true } = {}) {
  const state = current();
  showClosed(state);
  const { scores, advice, errors } = read(form, state);
  showErrors(errors);
  showScores(state, scores);
  showAdvice(advice);
  if (keep) keepDraft(state);
  if (!aloud) return;
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const result = scores?.[state.category];
    const words = result ? `${totalWords(result.low, result.total)}. ${outlook(result)}` : find('[data-total]').textContent;
    const [wrong = ''] = Object.values(errors);
    document.getElementById('announce').textContent = `${wrong} ${words}`.trim();
  }, QUIET_MS);
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
