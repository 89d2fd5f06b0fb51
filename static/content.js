// The editor of materials and the order of a section. Every page is whole without this file: what only it can do stays hidden.

const AUTOSAVED_EVERY = 20_000;
const TYPED_PAUSE = 400;
// Bytes that browsers take from a page that is going away.
const KEPT_ALIVE = 60_000;

/** The function, called once after its calls have paused. */
function paused(work, pause = TYPED_PAUSE) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, pause);
  };
}

/** The answer as JSON; null when there is none. A session that has ended says so. */
async function ask(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, ...options });
  if (answer.redirected) return { refusal: 'Сеанс завершён. Войдите снова в другой вкладке: текст остаётся здесь.' };
  const json = answer.headers.get('Content-Type')?.startsWith('application/json');
  if (json) return answer.json();
  return { refusal: answer.status === 413 ? 'Файл слишком большой: уменьшите его до 20 МБ.' : 'Сервер не принял запрос. Попробуйте ещё раз.' };
}

const OFFLINE = { refusal: 'Нет связи с сервером. Текст остаётся на странице, попробуем ещё раз.' };

function element(tag, text = '', more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, more);
}

// --- The text ---------------------------------------------------------------------------------------------------------------

/** Put text in place of what is selected, so that «undo» of the browser takes it back; select the part of it that is named. */
function put(area, text, from = text.length, to = from) {
  area.focus();
  const start = area.selectionStart;
  if (!document.execCommand('insertText', false, text)) area.setRangeText(text, start, area.selectionEnd, 'end');
  area.setSelectionRange(start + from, start + to);
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

const selected = (area) => area.value.slice(area.selectionStart, area.selectionEnd);

/** Mark each of the selected lines; words that stand in for a missing text are selected, to be typed over. */
function markLines(area, mark, before, sample) {
  const start = area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
  const end = area.value.indexOf('\n', area.selectionEnd);
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  const lines = selected(area).split('\n').map((line) => mark + (line.replace(before, '') || sample));
  const text = lines.join('\n');
  put(area, text, lines.length === 1 ? mark.length : text.length, text.length);
}

function around(area, sign, sample) {
  const words = selected(area) || sample;
  put(area, sign + words + sign, sign.length, sign.length + words.length);
}

/** A block with an empty line before it, if it does not begin the text. */
function block(area, text) {
  const before = area.value.slice(0, area.selectionStart);
  const gap = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  put(area, gap + text);
}

const MARKS = {
  bold: (area) => around(area, '**', 'важное'),
  italic: (area) => around(area, '*', 'выделенное'),
  heading: (area) => markLines(area, '## ', /^#+\s*/, 'Заголовок'),
  list: (area) => markLines(area, '- ', /^[-*]\s+/, 'Пункт'),
  table: (area) => block(area, '| Столбец | Столбец |\n| --- | --- |\n| Ячейка | Ячейка |\n'),
};

// --- The preview and what is said beside it ---------------------------------------------------------------------------------

/** Links of the preview lead out of the way of the text that is being written; those to its own parts stay. */
function leadOut(shown) {
  shown.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || link.getAttribute('href').startsWith('#')) return;
    event.preventDefault();
    window.open(link.href, '_blank', 'noopener');
  });
}

function goToLine(area, number) {
  const lines = area.value.split('\n');
  const start = lines.slice(0, number - 1).join('\n').length + (number > 1 ? 1 : 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[number - 1] ?? '').length);
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(number - 4, 0);
}

const GRAVITY = { error: 'Нужно исправить до публикации', warning: 'Стоит исправить' };

function showFindings(form, area, found) {
  const list = form.querySelector('[data-findings]');
  const lines = found.map(({ sentence, line, grave }) => {
    const item = element('li', '', { className: grave });
    const words = line ? `${GRAVITY[grave]}, строка ${line}:` : `${GRAVITY[grave]}:`;
    const lead = line ? element('button', words, { type: 'button', onclick: () => goToLine(area, line) }) : element('strong', words);
    item.append(lead, ` ${sentence}`);
    return item;
  });
  // Said again only when something changed: a screen reader is not made to repeat itself.
  const text = lines.map((line) => line.textContent).join('\n');
  if (list.dataset.text !== text) list.replaceChildren(...lines);
  list.dataset.text = text;
  form.querySelector('[data-sound]').hidden = found.length > 0;
}

function previewing(form, area) {
  const shown = form.querySelector('[data-shown]');
  leadOut(shown);
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const told = await ask(form.dataset.preview, { method: 'POST', body: new FormData(form) }).catch(() => OFFLINE);
    if (mine !== asked || told.refusal) return;
    shown.innerHTML = told.html; // clean: the server has made it so
    showFindings(form, area, told.findings);
  };
  area.addEventListener('input', paused(look));
  look();
}

// --- Autosave ---------------------------------------------------------------------------------------------------------------

const sizeOf = (fields) => [...fields.values()].reduce((sum, value) => sum + new Blob([value]).size + 200, 0);

function autosaving(form) {
  const saved = form.querySelector('[data-saved]');
  const undecided = document.querySelector('[data-offered]');
  let changed = false;
  let sending = false;
  form.addEventListener('input', () => { changed = true; });
  const save = async () => {
    if (!changed || sending || undecided || form.dataset.sent) return;
    changed = false;
    sending = true;
    const fields = new FormData(form);
    fields.delete('file');
    // A tab that is being closed still gets it out, unless the text is larger than browsers let it.
    const keepalive = document.hidden && sizeOf(fields) < KEPT_ALIVE;
    const told = await ask(form.dataset.autosave, { method: 'POST', body: fields, keepalive }).catch(() => OFFLINE);
    sending = false;
    if (told.refusal) changed = true;
    saved.classList.toggle('fault', Boolean(told.refusal));
    saved.textContent = told.refusal ?? [told.saved, told.overtaken, told.other].filter(Boolean).join('. ');
  };
  setInterval(save, AUTOSAVED_EVERY);
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
}

// --- Dialogs ----------------------------------------------------------------------------------------------------------------

/** A dialog that finds materials and gives the chosen one to `choose`. */
function picker(dialog, choose) {
  const query = dialog.querySelector('[data-query]');
  const told = dialog.querySelector('[data-told]');
  const list = dialog.querySelector('[data-matches]');
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const wanted = new URLSearchParams({ q: query.value, ...('files' in dialog.dataset ? { files: '1' } : {}) });
    const answer = await ask(`${dialog.dataset.lookup}?${wanted}`).catch(() => OFFLINE);
    if (mine !== asked) return;
    const found = answer.found ?? [];
    told.textContent = answer.refusal ?? (found.length ? `Найдено: ${found.length}` : 'Ничего не нашлось: попробуйте другие слова.');
    list.replaceChildren(...found.map((one) => {
      const button = element('button', one.title, { type: 'button', onclick: () => choose(one) });
      button.append(element('span', `${one.kind} · ${one.address} · ${one.state}`));
      const item = element('li');
      item.append(button);
      return item;
    }));
  };
  query.addEventListener('input', paused(look, 250));
  query.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
  return () => {
    dialog.showModal();
    query.focus();
    look();
  };
}

const plain = (words) => words.replace(/[[\]]/g, '').trim();

function linking(form, area) {
  const dialog = document.getElementById('link-dialog');
  let into = null;
  const open = picker(dialog, (one) => {
    dialog.close();
    if (into) {
      into.value = one.reference;
      into.focus();
      into.dispatchEvent(new Event('input', { bubbles: true }));
    } else {
      put(area, `[${plain(selected(area)) || plain(one.title)}](${one.reference})`);
    }
  });
  for (const button of form.querySelectorAll('[data-dialog="link-dialog"]')) {
    button.addEventListener('click', () => {
      into = button.dataset.into ? form.elements[button.dataset.into] : null;
      open();
    });
  }
}

function picturing(form, area) {
  const dialog = document.getElementById('picture-dialog');
  const [choosing, describing] = ['choose', 'describe'].map((step) => dialog.querySelector(`[data-step="${step}"]`));
  const alt = dialog.querySelector('[data-alt]');
  const fault = dialog.querySelector('[data-alt-fault]');
  const note = dialog.querySelector('[data-draft-note]');
  let picture = null;

  const step = (describe) => {
    choosing.hidden = describe;
    describing.hidden = !describe;
    fault.textContent = '';
  };
  const choose = (one) => {
    note.hidden = one.seen;
    if (!one.picture) {
      dialog.close();
      put(area, `[${plain(selected(area)) || plain(one.title)}](${one.reference})`);
      return;
    }
    picture = one;
    dialog.querySelector('[data-chosen]').textContent = one.title;
    alt.value = '';
    step(true);
    alt.focus();
  };
  const insert = () => {
    const words = plain(alt.value);
    fault.textContent = words ? '' : 'Опишите картинку словами: что на ней видно.';
    alt.toggleAttribute('aria-invalid', !words);
    if (!words) {
      alt.setAttribute('aria-invalid', 'true');
      alt.focus();
      return;
    }
    dialog.close();
    block(area, `![${words}](${picture.reference})`);
  };
  dialog.querySelector('[data-insert]').addEventListener('click', insert);
  alt.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); insert(); } });
  dialog.querySelector('[data-back]').addEventListener('click', () => { note.hidden = true; step(false); });

  const send = dialog.querySelector('[data-send]');
  send?.addEventListener('click', async () => {
    const [file, title, to] = ['file', 'title', 'to'].map((name) => document.getElementById(`found-${name}`));
    const refusal = dialog.querySelector('[data-refusal]');
    const fields = new FormData();
    fields.set('csrf_token', form.elements.csrf_token.value);
    if (file.files[0]) fields.set('file', file.files[0]);
    fields.set('title', title.value);
    send.disabled = true;
    refusal.textContent = '';
    const address = dialog.dataset.upload.replace('/0/', `/${to.value}/`);
    const told = await ask(address, { method: 'POST', body: fields }).catch(() => ({ refusal: 'Файл не дошёл: проверьте связь и попробуйте ещё раз.' }));
    send.disabled = false;
    if (told.refusal) {
      refusal.textContent = told.refusal;
      return;
    }
    file.value = '';
    title.value = '';
    choose(told);
  });

  const open = picker(dialog, choose);
  form.querySelector('[data-dialog="picture-dialog"]').addEventListener('click', () => {
    note.hidden = true;
    step(false);
    open();
  });
}

// --- The editor -------------------------------------------------------------------------------------------------------------

const editor = document.querySelector('form.editor');
if (editor) {
  for (const hidden of editor.querySelectorAll('[data-scripted]')) hidden.hidden = false;
  for (const shown of editor.querySelectorAll('[data-unscripted]')) shown.hidden = true;
  const area = editor.elements.body;
  autosaving(editor);
  linking(editor, area);
  if (area) {
    previewing(editor, area);
    picturing(editor, area);
    for (const button of editor.querySelectorAll('[data-mark]')) {
      button.addEventListener('click', () => MARKS[button.dataset.mark](area));
    }
  }
}

// --- A name from the title --------------------------------------------------------------------------------------------------

const fresh = document.querySelector('form[data-name]');
if (fresh) {
  const { name, title, file } = Object.fromEntries(['name', 'title', 'file'].map((field) => [field, fresh.elements[field]]));
  const shown = fresh.querySelector('[data-named]');
  const show = () => { shown.textContent = name.value || 'имя'; };
  let own = name.value !== '';
  const propose = paused(async () => {
    const told = await ask(`${fresh.dataset.name}&${new URLSearchParams({ title: file ? file.files[0]?.name ?? '' : title.value })}`).catch(() => OFFLINE);
    if (own || told.refusal) return;
    name.value = told.name;
    show();
  }, 250);
  name.addEventListener('input', () => { own = name.value !== ''; show(); });
  (file ?? title).addEventListener('input', () => { if (!own) propose(); });
  file?.addEventListener('change', () => {
    if (!own) propose();
    if (!title.value) title.value = (file.files[0]?.name ?? '').replace(/\.[^.]+$/, '');
  });
}

// --- The contents of a section ----------------------------------------------------------------------------------------------

const contents = document.querySelector('.contents-form');
if (contents) {
  const count = contents.querySelector('[data-count]');
  contents.addEventListener('change', () => {
    const marked = contents.querySelectorAll('[name="chosen"]:checked').length;
    if (count) count.textContent = marked ? `Отмечено: ${marked}` : 'Отметьте материалы в таблице.';
  });
  if (contents.dataset.order) dragging(contents);
}

/** Rows can be dragged to another place; the arrows do the same from the keyboard. */
function dragging(form) {
  const body = form.querySelector('tbody');
  let dragged = null;
  for (const row of body.rows) {
    const handle = element('span', '⠿', { className: 'handle', draggable: true, title: 'Перетащить' });
    handle.setAttribute('aria-hidden', 'true');
    row.querySelector('.moves').prepend(handle);
    handle.addEventListener('dragstart', (event) => {
      dragged = row;
      row.classList.add('dragged');
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setDragImage(row, 0, 0);
    });
    handle.addEventListener('dragend', () => {
      row.classList.remove('dragged');
      dragged = null;
    });
    row.addEventListener('dragover', (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      row[event.clientY < box.top + box.height / 2 ? 'before' : 'after'](dragged);
    });
  }
  body.addEventListener('dragover', (event) => { if (dragged) event.preventDefault(); });
  body.addEventListener('drop', (event) => {
    event.preventDefault();
    const ids = [...body.rows].map((row) => row.dataset.id).join(',');
    const sent = element('form', '', { method: 'post', action: form.dataset.order, hidden: true });
    const token = form.elements.csrf_token.value;
    for (const [name, value] of [['csrf_token', token], ['ids', ids]]) sent.append(element('input', '', { type: 'hidden', name, value }));
    document.body.append(sent);
    sent.submit();
  });
}
