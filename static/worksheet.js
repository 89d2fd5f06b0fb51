/* A form filled in as a worksheet: what stands in the fields becomes claims, scores and sentences at the fields
   (site/worksheet.py in the browser). One difference: a row closed for the position is passed over instead of refused,
   because its tick waits there until the position is changed back. */

import { InvalidClaims, isOpenTo, rolesOf, rowsOf, score } from './scoring.js';
import { advise } from './advice.js';

const REPEATED = new Set(['sum_events', 'sum_capped_points', 'per_item']);
const LONGEST_QUOTE = 40;
const TOO_MANY = 1001;

export const countField = (row, option) => `c-${row.id}-${option.index}`;
export const pupilsField = (row, option) => `n-${row.id}-${option.index}`;

/** Whether the option is for the other role only. */
export function isClosedOption(form, option, { position, role }) {
  const roles = rolesOf(form, position);
  const played = role || (roles.length === 1 ? roles[0] : '');
  return Boolean(option.role && played) && option.role !== played;
}

/** `state`: `{ position, category, role, discipline, fields }` → `{ scores, advice, errors }`; `scores` is null without a position. */
export function read(form, state) {
  const errors = {};
  const asked = claimsOf(form, state, errors);
  if (!state.position) return { scores: null, advice: null, errors };
  const who = { role: state.role || null, discipline: state.discipline || null };
  for (;;) {
    const claims = asked.map(([, claim]) => claim);
    try {
      const [first, highest] = ['first', 'highest'].map((key) => score(form, state.position, key, claims, who));
      return { scores: { first, highest }, advice: advise(form, state.position, state.category, claims, who), errors };
    } catch (error) {
      if (!(error instanceof InvalidClaims)) throw error;
      const at = /^claims\[(\d+)\]/.exec(error.field);
      const name = at ? asked.splice(Number(at[1]), 1)[0][0] : error.field;
      errors[name] ??= error.sentence;
      if (!at) return { scores: null, advice: null, errors };
    }
  }
}

function claimsOf(form, state, errors) {
  const found = [];
  for (const row of rowsOf(form)) {
    if (state.position && !isOpenTo(row, state.position)) continue;
    for (const option of row.options) {
      if (isClosedOption(form, option, state)) continue;
      const name = countField(row, option);
      const typed = (state.fields[name] ?? '').trim();
      if (!REPEATED.has(row.rule.type)) {
        if (typed) found.push([name, { criterion: row.id, option: option.index, count: 1 }]);
        continue;
      }
      let count = countOf(typed);
      const pupils = row.rule.distinct_students ? (state.fields[pupilsField(row, option)] ?? '') : '';
      const students = pupils.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean);
      if (Number.isInteger(count) && students.length > Math.max(count, 0)) {
        errors[pupilsField(row, option)] =
          `Обучающихся ${students.length}, а результатов ${count}: укажите столько же результатов или больше.`;
      } else if (Number.isInteger(count) && students.length) {
        found.push([name, { criterion: row.id, option: option.index, count: students.length, students }]);
        count -= students.length;
      }
      if (count !== 0) found.push([name, { criterion: row.id, option: option.index, count }]);
    }
  }
  return found;
}

function countOf(typed) {
  if (/^[-−+]?[0-9]+$/.test(typed) && typed.length <= 9) return Number(typed.replace('−', '-'));
  if (/^[0-9]+$/.test(typed)) return TOO_MANY;
  return typed.length > LONGEST_QUOTE ? `${typed.slice(0, LONGEST_QUOTE)}…` : typed || 0;
}
