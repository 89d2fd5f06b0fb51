/* The teacher's draft as text: kept in the browser, saved to a file, read back with suspicion. */

import { CATEGORIES, rowsOf } from './scoring.js';
import { countField, pupilsField } from './worksheet.js';

const KIND = 'attestation-worksheet';
const VERSION = 1;
const LONGEST_FILE = 1_000_000;
const LONGEST_FIELD = 20_000;

/** A text that is no draft of this form; the message is a sentence for people. */
export class NotADraft extends Error {}

export const keyOf = (form) => `calculator:${form.edition}:${form.number}`;

/** `state` is `{ position, category, role, discipline, fields }`. */
export function write(form, state, now = new Date()) {
  const head = { kind: KIND, version: VERSION, edition: form.edition, form: form.number, saved: now.toISOString() };
  return JSON.stringify({ ...head, ...state }, null, 2);
}

/** The state in a text, with the moment it was saved; NotADraft with the reason for anything else. */
export function parse(form, text) {
  const refuse = (sentence) => {
    throw new NotADraft(sentence);
  };
  if (text.length > LONGEST_FILE) refuse('Файл слишком большой: черновик калькулятора занимает не больше мегабайта.');
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    refuse('Это не черновик калькулятора: выберите файл, который сохранили кнопкой «Сохранить в файл».');
  }
  if (data?.kind !== KIND) {
    refuse('Это не черновик калькулятора: выберите файл, который сохранили кнопкой «Сохранить в файл».');
  }
  if (data.form !== form.number) refuse(`Это черновик формы ${Number(data.form) || '?'}, а открыта форма ${form.number}: откройте калькулятор той формы.`);
  if (data.version !== VERSION || data.edition !== form.edition) {
    refuse('Черновик сделан по другой редакции регламента: перенесите его строки сами.');
  }
  const { position, category, role, discipline, fields, saved } = data;
  const known = new Set(rowsOf(form).flatMap((row) => row.options.flatMap((one) => [countField(row, one), pupilsField(row, one)])));
  const isField = ([name, value]) => known.has(name) && typeof value === 'string' && value.length <= LONGEST_FIELD;
  const sound =
    ['', ...form.positions].includes(position) &&
    Object.hasOwn(CATEGORIES, category) &&
    ['', ...form.thresholds.flatMap((row) => row.roles)].includes(role) &&
    ['', ...form.disciplines.map((kind) => kind.name)].includes(discipline) &&
    typeof fields === 'object' && fields !== null && !Array.isArray(fields) && Object.entries(fields).every(isField);
  if (!sound) refuse('Файл черновика повреждён: в нём есть то, чего нет в форме. Выберите другой файл.');
  return { state: { position, category, role, discipline, fields }, saved: new Date(saved) };
}
