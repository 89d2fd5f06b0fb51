/* The teacher's own scoring, live: counts as one types and says which rows have no paper yet. Saved by submitting, as without
   this file. */

import { outlook, totalWords } from './advice.js';
import { openSheet } from './sheet.js';
import { read } from './worksheet.js';

const sheet = document.getElementById('sheet');
const form = JSON.parse(sheet.dataset.form);
const { all, current, showClosed, showErrors, showScores } = openSheet(sheet, form);
const QUIET_MS = 700;
let speaking;
let changed = false;

function recount({ aloud = false } = {}) {
  const state = current();
  showClosed(state);
  const { scores, errors } = read(form, state);
  showErrors(errors);
  showScores(state, scores);
  const result = scores?.[state.category];
  const scored = new Set(result?.explanations.map((row) => row.criterion));
  for (const place of all('[data-unproved]')) place.hidden = !scored.has(place.dataset.unproved);
  if (!aloud || !result) return;
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    document.getElementById('announce').textContent = `${totalWords(result.low, result.total)}. ${outlook(result)}`;
  }, QUIET_MS);
}

for (const element of all('[data-plain]')) element.hidden = true;
recount();
sheet.addEventListener('input', () => {
  changed = true;
  recount({ aloud: true });
});
sheet.addEventListener('submit', () => { changed = false; });
window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
