/* A worksheet on a page, live: its fields as a state and back, and what the state counts to shown at the fields. The calculator
   and the desk of an expert are such pages. `sheet` is the form element, `form` the data of rubrics/portable.py. */

import { isOpenTo, rowsOf } from './scoring.js';
import { brief, lacking, outlook, silence, totalWords, uncertain } from './advice.js';
import { isClosedOption } from './worksheet.js';

// A reader of the screen hears the total once nobody has typed for so long.
const QUIET_MS = 700;

export function openSheet(sheet, form) {
  const find = (selector) => sheet.querySelector(selector);
  const all = (selector) => [...sheet.querySelectorAll(selector)];
  const fields = all('[name^="c-"], [name^="n-"]');

  // ── the fields as a state and back ──

  function current() {
    const filled = fields.map((field) => [field.name, field.type === 'checkbox' ? (field.checked ? '1' : '') : field.value]);
    return {
      position: find('#position').value,
      category: find('[name="category"]:checked, [name="category"][type="hidden"]')?.value ?? 'first',
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
  }

  let speaking;

  function speak(state, scores, errors) {
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      const result = scores?.[state.category];
      const words = result ? `${totalWords(result.low, result.total)}. ${outlook(result)}` : find('[data-total]').textContent;
      const [wrong = ''] = Object.values(errors);
      document.getElementById('announce').textContent = `${wrong} ${words}`.trim();
    }, QUIET_MS);
  }

  return { find, all, current, fill, unfold, show, showClosed, showErrors, showScores, speak };
}
