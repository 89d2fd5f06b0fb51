/* The desk of an expert, live: counts as one types, saves by itself, offers one more place for a paper. Without this file the page
   works by submitting. */

import { openSheet } from './sheet.js';
import { read } from './worksheet.js';

const sheet = document.getElementById('sheet');
const form = JSON.parse(sheet.dataset.form);
const { find, all, current, unfold, showClosed, showErrors, showScores, speak } = openSheet(sheet, form);
const SAVE_MS = 2500;
const saved = document.getElementById('saved');

// ── counting ──

function recount({ aloud = false } = {}) {
  const state = current();
  showClosed(state);
  const { scores, errors } = read(form, state);
  showErrors(errors);
  showScores(state, scores);
  showUnproved(scores?.[state.category]);
  if (aloud) speak(state, scores, errors);
}

/** A row with points and without a paper says so. */
function showUnproved(result) {
  const scored = new Set(result?.explanations.map((row) => row.criterion));
  for (const place of all('[data-unproved]')) {
    const clause = place.dataset.unproved;
    const proved = all(`select[name="p-${CSS.escape(clause)}"]`).some((choice) => choice.value);
    place.hidden = !scored.has(clause) || proved;
    if (!place.hidden) unfold(place);
  }
}

/** When the last place for a paper of a row is taken, one more appears. */
function offerAnother(choice) {
  const places = all(`select[name="${CSS.escape(choice.name)}"]`);
  if (!choice.value || places.at(-1) !== choice) return;
  const another = choice.cloneNode(true);
  another.id = `${choice.name}-${places.length + 1}`;
  another.setAttribute('aria-label', `${choice.dataset.named}, ещё один документ`);
  another.value = '';
  choice.after(another);
}

// ── saving by itself ──

let waiting;
let busy = false;
let again = false;
let stopped = false;

function tell(text, wrong = false) {
  saved.textContent = text;
  saved.classList.toggle('wrong', wrong);
}

async function keep() {
  if (stopped) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  tell('Сохраняется…');
  try {
    const answer = await fetch(sheet.dataset.draft, { method: 'POST', body: new URLSearchParams(new FormData(sheet)) });
    const told = (answer.headers.get('Content-Type') ?? '').includes('json') ? await answer.json() : null;
    if (answer.ok && told) {
      sheet.elements.version.value = told.version;
      tell(`Сохранено в ${told.at}.`);
    } else {
      // Another window was quicker, or the session is over: nothing more is sent by itself.
      stopped = Boolean(told);
      tell(told?.sentence ?? 'Не удалось сохранить. Нажмите «Сохранить»: введённое останется на странице.', true);
    }
  } catch {
    tell('Нет связи: сохраним, как только она появится.', true);
    again = true;
  }
  busy = false;
  if (again && !stopped) {
    again = false;
    clearTimeout(waiting);
    waiting = setTimeout(keep, SAVE_MS);
  }
}

// ── from here on the page is alive ──

for (const element of document.querySelectorAll('[data-plain]')) element.hidden = true;
recount();

sheet.addEventListener('input', (event) => {
  if (event.target.name?.startsWith('p-')) offerAnother(event.target);
  recount({ aloud: true });
  clearTimeout(waiting);
  waiting = setTimeout(keep, SAVE_MS);
});
// What is sent by hand is not sent by itself as well.
sheet.addEventListener('submit', () => {
  clearTimeout(waiting);
  stopped = true;
});
for (const link of document.querySelectorAll('a[href^="#row-"]')) {
  link.addEventListener('click', () => {
    const row = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (row) unfold(row);
  });
}
