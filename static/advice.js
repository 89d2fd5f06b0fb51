/* What a score means for the teacher: rubrics/advice.py in the browser, compared with it by tests/browser/test_scoring_js.py. */

import { clauseOf, InvalidClaims, isNegative, isOpenTo, rowsOf, score } from './scoring.js';

const GENITIVE = { first: 'первой', highest: 'высшей' };

/** The shortest list that a greedy choice finds: `{ steps: [{ criterion, option, count, points }], closes }`. */
export function advise(form, position, category, claims, who = {}) {
  const now = score(form, position, category, claims, who);
  const sheet = new Worksheet(form, now, claims);
  const minima = now.sections.filter((part) => part.required !== null);
  const goals = minima.map((part) => ({ sections: part.section.split('+'), required: part.required }));
  goals.push({ sections: form.sections.map((section) => section.number), required: now.required });
  for (const goal of goals) {
    for (let gap = goal.required - sheet.points(goal); gap > 0; gap = goal.required - sheet.points(goal)) {
      const step = sheet.best(goal, gap);
      if (!step) break;
      sheet.take(step);
    }
  }
  return { steps: sheet.steps(), closes: goals.every((goal) => sheet.points(goal) >= goal.required) };
}

/** A worksheet being filled: what each row is worth by itself now and with one more result of each of its options. */
class Worksheet {
  #form;
  #now;
  #claims;
  #worth = new Map();
  #next = new Map();
  #taken = new Map();

  constructor(form, now, claims) {
    this.#form = form;
    this.#now = now;
    this.#claims = new Map(rowsOf(form).map((row) => [row.id, []]));
    for (const claim of claims) this.#claims.get(clauseOf(claim)).push(claim);
    for (const row of rowsOf(form)) this.#worth.set(row.id, this.#alone(row) ?? { points: 0, low: 0 });
  }

  points(goal) {
    const sections = this.#form.sections.filter((section) => goal.sections.includes(section.number));
    return sections.reduce((sum, section) => sum + this.#section(section), 0);
  }

  /** The smallest gain that closes the gap, otherwise the largest; of equals the surer one, then the first in the form. */
  best(goal, gap) {
    let found = null;
    for (const section of this.#form.sections) {
      if (!goal.sections.includes(section.number)) continue;
      const standing = this.#section(section);
      for (const row of section.criteria) {
        const now = this.#worth.get(row.id);
        for (const [option, worth] of this.#options(row)) {
          const gain = section.rule === 'best' ? Math.max(0, worth.points - standing) : worth.points - now.points;
          const key = [Number(gain >= gap), gain >= gap ? -gain : gain, worth.low - now.low];
          if (gain > 0 && (!found || isGreater(key, found.key))) found = { row, option, worth, key };
        }
      }
    }
    return found;
  }

  take({ row, option, worth }) {
    const before = this.#total();
    this.#claims.get(row.id).push({ criterion: row.id, option: option.index, count: 1 });
    this.#worth.set(row.id, worth);
    this.#next.delete(row.id);
    const name = `${row.id}/${option.index}`;
    const step = this.#taken.get(name) ?? { criterion: row.id, option: option.index, count: 0, points: 0 };
    step.count += 1;
    step.points += this.#total() - before;
    this.#taken.set(name, step);
  }

  steps() {
    return [...this.#taken.values()];
  }

  #total() {
    return this.#form.sections.reduce((sum, section) => sum + this.#section(section), 0);
  }

  #section(section) {
    const points = section.criteria.filter((row) => !isNegative(row)).map((row) => this.#worth.get(row.id).points);
    const penalties = section.criteria.filter(isNegative).reduce((sum, row) => sum + this.#worth.get(row.id).points, 0);
    return penalties + (section.rule === 'best' ? Math.max(0, ...points) : points.reduce((sum, one) => sum + one, 0));
  }

  #options(row) {
    if (!this.#next.has(row.id)) {
      const options = isOpenTo(row, this.#now.position) && !isNegative(row) ? row.options : [];
      const tried = options.map((option) => [option, this.#alone(row, { criterion: row.id, option: option.index, count: 1 })]);
      this.#next.set(row.id, tried.filter(([, worth]) => worth));
    }
    return this.#next.get(row.id);
  }

  #alone(row, ...more) {
    const claims = [...this.#claims.get(row.id), ...more];
    if (!claims.length) return null;
    try {
      const { total, low } = score(this.#form, this.#now.position, this.#now.category, claims, this.#now);
      return { points: total, low };
    } catch (error) {
      if (error instanceof InvalidClaims) return null;
      throw error;
    }
  }
}

function isGreater(key, other) {
  const at = key.findIndex((value, place) => value !== other[place]);
  return at >= 0 && key[at] > other[at];
}

// ── words ──

/** Where the teacher stands for the category: «До высшей категории не хватает 45 баллов.» */
export function outlook(result) {
  const name = GENITIVE[result.category];
  if (result.meetsStrictly) return `Для ${name} категории баллов достаточно.`;
  if (result.meets) {
    return (
      `Для ${name} категории баллов достаточно, если эксперт сложит варианты; ` +
      `по лучшим вариантам не хватает ${lacking(result.required - result.low)}.`
    );
  }
  const short = shortParts(result);
  if (!short.length) {
    const strictly =
      result.low < result.total ? `, а если варианты не складывать — ${result.required - result.low}` : '';
    return `До ${name} категории не хватает ${lacking(result.missing)}${strictly}.`;
  }
  const named = short.map((part) => `${placeOf(part)} — ${lacking(part.required - part.points)}`);
  if (result.missing) named.push(`всего — ${lacking(result.missing)}`);
  return `До ${name} категории не хватает: ${named.join(', ')}.`;
}

/** The same in a few words: «до высшей не хватает 45». */
export function brief(result) {
  const name = GENITIVE[result.category];
  if (result.meets) return `для ${name} достаточно${result.meetsStrictly ? '' : ', если сложить варианты'}`;
  if (result.missing) return `до ${name} не хватает ${result.missing}`;
  return `до ${name} не хватает баллов ${placeOf(shortParts(result)[0])}`;
}

/** «120 баллов», or both readings where the source is silent: «от 120 до 135 баллов». */
export function totalWords(low, high) {
  if (low < high) return `от ${signed(low)} до ${signed(high)} ${isOne(high) ? 'балла' : 'баллов'}`;
  return `${signed(high)} ${nounOf(high)}`;
}

/** Why the total is a range: the clauses where adding and not adding differ. */
export function silence(rows) {
  if (!rows.length) return '';
  const where = rows.length === 1 ? `в строке ${rows[0]}` : `в строках ${rows.join(', ')}`;
  return `Регламент не уточняет, складываются ли варианты ${where}: решает эксперт.`;
}

export const uncertain = (result) =>
  result.explanations.filter((row) => row.low !== row.points).map((row) => row.criterion);
export const lacking = (points) => `${points} ${isOne(points) ? 'балла' : 'баллов'}`;
export const signed = (points) => String(points).replace('-', '−');

const shortParts = (result) => result.sections.filter((part) => part.required !== null && part.points < part.required);

function placeOf({ section }) {
  const numbers = section.split('+');
  return numbers.length === 1 ? `в разделе ${numbers[0]}` : `в разделах ${numbers.join(' и ')}`;
}

const isOne = (points) => Math.abs(points) % 10 === 1 && Math.abs(points) % 100 !== 11;

function nounOf(points) {
  if (isOne(points)) return 'балл';
  const few = [2, 3, 4].includes(Math.abs(points) % 10) && ![12, 13, 14].includes(Math.abs(points) % 100);
  return few ? 'балла' : 'баллов';
}
