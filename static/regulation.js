// The contents follow the reader, and a reference shows what it leads to, for the keyboard too. Every page is whole without this file.
'use strict';

// ── the contents ────────────────────────────────────────────────────────────────────────────────────────────────────

const contents = document.querySelector('.toc');
const ways = new Map([...(contents?.querySelectorAll('a') ?? [])].map((way) => [way.hash.slice(1), way]));

// A nested clause belongs to the nearest one above it that the contents list: p-2.6.2.1 to p-2.6.
function wayTo(id) {
  for (let name = id; name; name = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '') {
    if (ways.has(name)) return ways.get(name);
  }
  return null;
}

function follow(clauses) {
  const seen = new Set();
  let marked = null;
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) seen[isIntersecting ? 'add' : 'delete'](target);
    const first = clauses.find((clause) => seen.has(clause));
    const way = first && wayTo(first.id);
    if (!way || way === marked) return;
    marked?.removeAttribute('aria-current');
    way.setAttribute('aria-current', 'true');
    marked = way;
    // Beside the text the contents scroll on their own; above it, on a narrow screen, they must stay where they are.
    if (contents.scrollHeight > contents.clientHeight) {
      const below = way.getBoundingClientRect().top - contents.getBoundingClientRect().top;
      contents.scrollBy({ top: below - contents.clientHeight / 3 });
    }
  }, { rootMargin: '-10% 0px -60% 0px' });
  for (const clause of clauses) observer.observe(clause);
}

if (ways.size) follow([...document.querySelectorAll('.clauses .clause[id]')]);

// ── references ──────────────────────────────────────────────────────────────────────────────────────────────────────

// A title is shown to the mouse only: these words appear at the keyboard's focus as well, and go with Esc.
const note = document.createElement('span');
note.className = 'reference-note';
note.id = 'reference-note';
note.setAttribute('role', 'tooltip');

function show(link) {
  if (note.parentNode) hide();
  note.textContent = link.title;
  link.dataset.title = link.title;
  link.removeAttribute('title');
  link.setAttribute('aria-describedby', note.id);
  link.append(note);
  // Near the right edge it opens to the left.
  note.classList.toggle('leftward', link.getBoundingClientRect().left > document.documentElement.clientWidth / 2);
}

function hide() {
  const link = note.parentNode;
  note.remove();
  if (!link) return;
  link.title = link.dataset.title;
  link.removeAttribute('aria-describedby');
}

const REFERENCE = '.prose a[title], .clause-facts a[title], .remark a[title]';
for (const kind of ['mouseover', 'focusin']) {
  document.addEventListener(kind, (event) => {
    const link = event.target.closest(REFERENCE);
    if (link) show(link);
    else if (!note.contains(event.target) && !event.target.closest('[aria-describedby="reference-note"]')) hide();
  });
}
document.addEventListener('focusout', hide);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hide();
});
