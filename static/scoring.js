/* The scoring engine in the browser: rubrics/scoring.py, function for function and sentence for sentence.
   tests/browser/test_scoring_js.py puts the same claims through both. `form` is the data of rubrics/portable.py. */

export const CATEGORIES = { first: 'первая', highest: 'высшая' };
const MOST = 1000;

/** Claims that cannot be scored: `kind` for programs, `field` where it is, and a sentence for people. */
export class InvalidClaims extends Error {
  constructor(kind, field, sentence) {
    super(sentence);
    this.name = 'InvalidClaims';
    this.kind = kind;
    this.field = field;
    this.sentence = sentence;
  }
}

/** One spelling for comparing names typed by people: case, spaces, ё and dashes do not matter. */
export function squeezed(text) {
  return text.toLowerCase().replaceAll('ё', 'е').replace(/[–—]/g, '-').split(/\s+/).filter(Boolean).join(' ');
}

export const rowsOf = (form) => form.sections.flatMap((section) => section.criteria);
export const rowOf = (form, clause) => rowsOf(form).find((row) => row.id === clause);
/** The clause that a claim names, as the form writes it. */
export const clauseOf = ({ criterion }) => (typeof criterion === 'string' ? criterion.trim().replace(/\.+$/, '') : null);
export const isNegative = (row) => row.options.some((option) => option.points < 0);
export const isOpenTo = (row, position) => !row.restricted_to || row.restricted_to.includes(position);
export const rolesOf = (form, position) => form.thresholds.find((row) => row.position === position)?.roles ?? [];

// ── the counting words: a line is { option, points, count, students, next }, a share { option, results, points } ──

const single = (rule, [line]) => {
  const cut = dropped(line.count - 1, 'строка даёт баллы один раз', rule);
  return counted(line.points, [share(line, 1, line.points)], { cut });
};

const bestOf = (rule, lines) => {
  const line = lines.reduce((best, other) => (other.points > best.points ? other : best));
  const cut = dropped(resultsOf(lines) - 1, 'засчитывается только лучший вариант', rule);
  return counted(line.points, [share(line, 1, line.points)], { cut });
};

const sumOptions = (rule, lines) => {
  const kept = dearestFirst(lines).slice(0, rule.max_events);
  const shares = kept.map((line) => share(line, 1, line.points));
  let limit = 'каждый вариант засчитывается один раз';
  if (rule.max_events !== undefined) limit += `, разных вариантов не более ${rule.max_events}`;
  return counted(sumOf(shares), shares, { cut: dropped(resultsOf(lines) - kept.length, limit, rule) });
};

const sumEvents = (rule, lines) => {
  const shares = [];
  let left = rule.max_events ?? Infinity;
  for (const line of dearestFirst(rule.distinct_students ? onePerStudent(lines) : lines)) {
    const results = Math.min(line.count, left);
    left -= results;
    if (results) shares.push(share(line, results, results * line.points));
  }
  const limits = rule.distinct_students ? ['каждый обучающийся засчитывается один раз'] : [];
  if (rule.max_events !== undefined) limits.push(`результатов засчитывается не более ${rule.max_events}`);
  const lost = resultsOf(lines) - shares.reduce((sum, one) => sum + one.results, 0);
  const unnamed =
    rule.distinct_students && resultsOf(lines) > 1 && lines.some((line) => line.count > line.students.length);
  const note = unnamed ? 'Обучающиеся не названы: результаты считаются достижениями разных обучающихся.' : '';
  return counted(sumOf(shares), shares, { cut: dropped(lost, limits.join(', '), rule), note });
};

const sumCappedPoints = (rule, lines) =>
  capped(rule, lines.map((line) => share(line, line.count, line.count * line.points)));

const perItem = (rule, lines) =>
  capped(rule, lines.map((line) => share(line, line.count, line.points + (line.count - 1) * line.next)));

const unstated = (rule, lines) => {
  const shares = lines.map((line) => share(line, 1, line.points));
  const cut = dropped(resultsOf(lines) - lines.length, 'каждый вариант засчитывается один раз', rule);
  return counted(sumOf(shares), shares, { cut, strict: Math.max(...shares.map((one) => one.points)) });
};

const COUNTERS = {
  single,
  best_of: bestOf,
  sum_options: sumOptions,
  sum_events: sumEvents,
  sum_capped_points: sumCappedPoints,
  per_item: perItem,
  unstated,
};

const share = ({ option }, results, points) => ({ option, results, points });
const counted = (points, shares, { strict = points, cut = '', note = '' }) => ({ points, strict, shares, cut, note });
const sumOf = (rows) => rows.reduce((sum, row) => sum + row.points, 0);
const resultsOf = (lines) => lines.reduce((sum, line) => sum + line.count, 0);
const dearestFirst = (lines) => [...lines].sort((a, b) => b.points - a.points || a.option.index - b.option.index);

function capped(rule, shares) {
  const earned = sumOf(shares);
  const total = Math.min(earned, rule.max_points ?? Infinity);
  const cut = `Не засчитано ${pointsText(earned - total)}: строка даёт не более ${rule.max_points}${quoted(rule.words)}.`;
  return counted(total, shares, { cut: earned > total ? cut : '' });
}

function onePerStudent(lines) {
  const seen = new Set();
  return dearestFirst(lines).map((line) => {
    const before = seen.size;
    for (const student of line.students) seen.add(squeezed(student));
    return { ...line, count: line.count - line.students.length + seen.size - before, students: [] };
  });
}

function dropped(results, why, rule) {
  return results > 0 ? `Не засчитано результатов: ${results}; ${why}${quoted(rule.words)}.` : '';
}

// ── scoring ──

/** Score claims `[{ criterion, option, count, students? }]` for a row of the threshold table and a category. */
export function score(form, position, category, claims, { role = null, discipline = null } = {}) {
  const place = typeof position === 'string' && form.positions.find((one) => squeezed(one) === squeezed(position));
  if (!place) {
    const sentence = `Форма ${form.number} не охватывает должность «${position}»: выберите строку её таблицы баллов.`;
    throw new InvalidClaims('position_not_covered', 'position', sentence);
  }
  const wanted = categoryOf(category);
  const played = roleOf(form, place, role);
  const taught = disciplineOf(form, discipline);
  const lines = linesOf(form, place, played, taught, claims);
  const rows = new Map();
  for (const row of rowsOf(form)) {
    if (lines.has(row.id)) rows.set(row.id, COUNTERS[row.rule.type](row.rule, lines.get(row.id)));
  }
  const homes = new Map();
  const explanations = form.sections.flatMap((section) => {
    const best = section.rule === 'best' ? bestRow(section, rows) : null;
    return section.criteria.flatMap((row) => {
      homes.set(row.id, section.number);
      return rows.has(row.id) ? [explanationOf(section, row, rows.get(row.id), best)] : [];
    });
  });
  const sections = sectionsOf(form, homes, explanations, wanted);
  const total = sumOf(explanations);
  const low = explanations.reduce((sum, row) => sum + row.low, 0);
  const threshold = form.thresholds.find((row) => row.position === place);
  const required = (threshold ?? form.minima.find((row) => row.section === 'total'))[wanted];
  const enough = (figure) => sections.every((part) => part.required === null || part[figure] >= part.required);
  return {
    form: form.number,
    edition: form.edition,
    position: place,
    category: wanted,
    role: played,
    discipline: taught,
    sections,
    total,
    low,
    required,
    missing: Math.max(0, required - total),
    meets: total >= required && enough('points'),
    meetsStrictly: low >= required && enough('low'),
    explanations,
  };
}

function categoryOf(category) {
  for (const [key, title] of Object.entries(CATEGORIES)) {
    if (typeof category === 'string' && [key, title].includes(squeezed(category))) return key;
  }
  const sentence = `Категории «${category}» нет: укажите первую или высшую.`;
  throw new InvalidClaims('unknown_category', 'category', sentence);
}

function roleOf(form, position, role) {
  const roles = rolesOf(form, position);
  if (!role?.trim()) return roles.length === 1 ? roles[0] : null;
  if (!roles.length) return null;
  const found = roles.find((known) => squeezed(known) === squeezed(role));
  if (found) return found;
  const sentence = `Роль «${role}» не подходит к должности: укажите «${roles.join('» или «')}».`;
  throw new InvalidClaims('unknown_role', 'role', sentence);
}

function disciplineOf(form, discipline) {
  if (!discipline?.trim() || !form.disciplines.length) return null;
  const wanted = squeezed(discipline);
  const found = form.disciplines.find((kind) => [kind.name, ...kind.also].some((name) => squeezed(name) === wanted));
  if (found) return found.name;
  const names = form.disciplines.map((kind) => kind.name).join('», «');
  const sentence = `Дисциплины «${discipline}» в форме нет: укажите «${names}».`;
  throw new InvalidClaims('unknown_discipline', 'discipline', sentence);
}

/** Claims of the same option joined, checked and priced: clause → lines in the order of the options. */
function linesOf(form, position, role, discipline, claims) {
  const gathered = new Map();
  claims.forEach((claim, at) => {
    const field = `claims[${at}]`;
    const [row, option] = found(form, claim, field);
    if (checkedCount(claim, field) === 0) return;
    checkAllowed(row, option, position, role, field);
    const options = gathered.get(row.id) ?? new Map();
    const line = options.get(option.index) ?? { count: 0, students: [] };
    const students = [...line.students, ...(claim.students ?? [])];
    gathered.set(row.id, options.set(option.index, { count: line.count + claim.count, students }));
  });
  const lines = new Map();
  for (const row of rowsOf(form)) {
    const options = gathered.get(row.id);
    if (!options) continue;
    const claimed = row.options.filter((option) => options.has(option.index));
    lines.set(row.id, claimed.map((option) => {
      const { count, students } = options.get(option.index);
      const points = option.points_by_role?.[role] ?? option.points;
      return { option, points, count, students, next: nextOf(option, count, discipline) };
    }));
  }
  return lines;
}

function found(form, claim, field) {
  const row = rowOf(form, clauseOf(claim));
  if (!row) {
    const sentence = `В форме ${form.number} нет строки «${claim.criterion}».`;
    throw new InvalidClaims('unknown_criterion', `${field}.criterion`, sentence);
  }
  const option = row.options.find((one) => one.index === claim.option);
  if (!option) {
    const sentence = `В строке ${row.id} нет варианта «${claim.option}»: их ${row.options.length}, счёт с единицы.`;
    throw new InvalidClaims('unknown_option', `${field}.option`, sentence);
  }
  return [row, option];
}

function checkedCount({ count, students = [] }, field) {
  const refuse = (kind, sentence, part = 'count') => {
    throw new InvalidClaims(kind, `${field}.${part}`, sentence);
  };
  if (!Number.isInteger(count)) {
    refuse('non_integer_count', `Количество «${count}» — не целое число: укажите, сколько результатов.`);
  }
  if (count < 0) refuse('negative_count', 'Количество не может быть отрицательным: укажите ноль или больше.');
  if (count > MOST) refuse('count_too_large', `Количество больше ${MOST}: проверьте, нет ли опечатки.`);
  if (students.length && students.length !== count) {
    const sentence = `Результатов ${count}, а обучающихся указано ${students.length}: нужен один на каждый результат.`;
    refuse('students_mismatch', sentence, 'students');
  }
  return count;
}

function checkAllowed(row, option, position, role, field) {
  if (!isOpenTo(row, position)) {
    const sentence = `Строка ${row.id} не для должности «${position}»: в примечании сказано ${bareQuote(row.restriction)}.`;
    throw new InvalidClaims('criterion_not_for_position', `${field}.criterion`, sentence);
  }
  if ((option.role || option.points_by_role) && role === null) {
    const sentence = `Баллы строки ${row.id} зависят от роли: укажите, преподаватель или концертмейстер.`;
    throw new InvalidClaims('missing_role', 'role', sentence);
  }
  if (option.role && option.role !== role) {
    const sentence = `Вариант «${option.label}» строки ${row.id} не для роли «${role}».`;
    throw new InvalidClaims('option_not_for_role', `${field}.option`, sentence);
  }
}

function nextOf(option, count, discipline) {
  if (!option.next_by_discipline) return option.next ?? 0;
  if (count > 1 && discipline === null) {
    const names = Object.keys(option.next_by_discipline).join('», «');
    const sentence = `Баллы за каждого следующего зависят от дисциплины: укажите «${names}».`;
    throw new InvalidClaims('missing_discipline', 'discipline', sentence);
  }
  return option.next_by_discipline[discipline] ?? 0;
}

function bestRow(section, rows) {
  const results = section.criteria.filter((row) => rows.has(row.id) && !isNegative(row)).map((row) => row.id);
  if (!results.length) return null;
  return results.reduce((best, other) => (rows.get(other).points > rows.get(best).points ? other : best));
}

function explanationOf(section, row, part, best) {
  const said = (points, low, text) => (
    { criterion: row.id, label: row.label, points, low, unstated: row.rule.type === 'unstated', text }
  );
  if (best === null || best === row.id || isNegative(row)) {
    const cut = isNegative(row) && part.cut ? 'Вычет применяется один раз.' : part.cut;
    const text = [countedText(row, part), cut, part.note, unstatedText(part)].filter(Boolean).join(' ');
    return said(part.points, part.strict, text);
  }
  const why = `в разделе засчитывается только лучшая строка, здесь ${best}${quoted(section.words)}`;
  return said(0, 0, `Не засчитано ${pointsText(part.points)}: ${why}.`);
}

function countedText(row, { points, shares }) {
  if (isNegative(row)) return `Вычтено ${pointsText(-points)}.`;
  if (row.plain && shares.every((one) => one.results === 1)) return `Засчитано ${pointsText(points)}.`;
  const parts = shares.map((one) => {
    const name = row.plain ? '' : `«${one.option.label}» — `;
    return one.results === 1 ? `${name}${one.points}` : `${name}${one.points} за ${one.results}`;
  });
  return `Засчитано ${pointsText(points)}: ${parts.join('; ')}.`;
}

function unstatedText({ points, strict }) {
  if (points === strict) return '';
  return (
    'Складываются ли варианты, регламент не уточняет, решает эксперт: ' +
    `при сложении ${points}, по лучшему варианту ${strict}.`
  );
}

function sectionsOf(form, homes, rows, category) {
  const minima = form.minima.filter((row) => row.section !== 'total');
  const parts = minima.length
    ? minima.map((row) => [row.section, row[category]])
    : form.sections.map((section) => [section.number, null]);
  return parts.map(([section, required]) => {
    const own = rows.filter((row) => section.split('+').includes(homes.get(row.criterion)));
    return { section, points: sumOf(own), low: own.reduce((sum, row) => sum + row.low, 0), required };
  });
}

// ── words ──

function pointsText(number) {
  const tens = Math.floor(number / 10) % 10;
  const ones = number % 10;
  if (tens === 1 || ones === 0 || ones > 4) return `${number} баллов`;
  return ones === 1 ? `${number} балл` : `${number} балла`;
}

const bareQuote = (words) => `«${words.replace(/^[* ]+/, '')}»`;
const quoted = (words) => (words ? ` ${bareQuote(words)}` : '');
