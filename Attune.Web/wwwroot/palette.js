// The palette: everything that can be gone to or done, found by a few letters. What there is comes from the page (its navigation and
// its verbs) and, by name and by id, from the server; it is ranked and drawn here, so that it keeps up with the keys.

const most = 12;
const dialog = document.getElementById('palette');
const field = dialog.querySelector('input');
const list = dialog.querySelector('[role="listbox"]');
const empty = dialog.querySelector('[data-empty]');

let server;
let named = [];
let found = [];
let shown = [];
let chosen = 0;
let asked = 0;

const text = element => element.textContent.trim().replace(/\s+/g, ' ');

// The letters in their order, better at the beginnings of words and side by side; null when one is missing.
export function score(query, name) {
  const wanted = query.toLowerCase();
  const where = name.toLowerCase();
  let at = -1;
  let points = where === wanted ? 100 : where.startsWith(wanted) ? 40 : where.includes(wanted) ? 20 : 0;
  for (const letter of wanted) {
    if (letter === ' ') {
      continue;
    }

    const next = where.indexOf(letter, at + 1);
    if (next < 0) {
      return null;
    }

    points += next === at + 1 ? 3 : next === 0 || /[^a-z0-9]/.test(where[next - 1]) ? 2 : -Math.min(next - at, 10) / 10;
    at = next;
  }

  return points - name.length / 100;
}

function verbs() {
  const here = [...document.querySelectorAll('.frame.live main [data-verb], .frame.live main .head .actions :is(a, button)')]
    .filter(element => element.checkVisibility() && !element.disabled && (element.dataset.verb || text(element)))
    .map(element => ({ name: element.dataset.verb || text(element), kind: 'On this page', run: () => element.click() }));
  const choose = value => document.querySelector(`#view-menu input[value="${value}"]`).click();
  const isDark = document.documentElement.dataset.theme === 'dark';
  return [
    ...here,
    { name: 'Copy link to this page', kind: 'Do', run: () => navigator.clipboard?.writeText(location.href).catch(() => { }) },
    { name: `Switch to ${isDark ? 'light' : 'dark'} theme`, kind: 'Do', run: () => choose(isDark ? 'light' : 'dark') },
    { name: 'Show times in UTC', kind: 'Do', run: () => choose('UTC') },
    { name: 'Show times as in this browser', kind: 'Do', run: () => choose('browser') },
    { name: 'Keyboard shortcuts', kind: 'Do', run: () => document.querySelector('[data-command="shortcuts"]').click() },
  ];
}

const pages = () => [...document.querySelectorAll('.frame.live .menu [data-go]')]
  .map(link => ({ name: text(link), kind: 'Page', run: () => link.click() }));

function draw() {
  const query = field.value.trim();
  const all = [...found, ...pages(), ...named, ...verbs()];
  shown = query === ''
    ? [...pages(), ...verbs()].slice(0, most)
    : all.map(item => ({ item, points: item.points ?? score(query, item.name) })).filter(({ points }) => points !== null)
      .sort((one, other) => other.points - one.points).slice(0, most).map(({ item }) => item);
  list.replaceChildren(...shown.map((item, index) => {
    const option = document.createElement('li');
    option.id = `palette-${index}`;
    option.setAttribute('role', 'option');
    const name = document.createElement('span');
    name.textContent = item.name;
    const kind = document.createElement('span');
    kind.className = 'kind';
    kind.textContent = item.kind;
    option.append(name, kind);
    option.addEventListener('click', () => run(index));
    option.addEventListener('pointermove', () => choose(index));
    return option;
  }));
  empty.textContent = shown.length > 0 ? '' : asked > 0 ? 'Looking…' : 'Nothing has this name or id.';
  choose(0);
}

function choose(index) {
  chosen = shown.length === 0 ? 0 : (index + shown.length) % shown.length;
  [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === chosen)));
  const option = list.children[chosen];
  option?.scrollIntoView({ block: 'nearest' });
  option ? field.setAttribute('aria-activedescendant', option.id) : field.removeAttribute('aria-activedescendant');
}

function run(index) {
  const item = shown[index];
  if (item) {
    // First, because what it does may open something that takes the focus.
    dialog.close();
    item.run();
  }
}

const go = href => () => Blazor.navigateTo(new URL(href, document.baseURI).href);

// An id is an event's as well as a worker's: the server says which of them are there.
async function look() {
  found = [];
  const id = /^#?(\d{1,18})$/.exec(field.value.trim())?.[1];
  if (id && server) {
    asked++;
    try {
      const rows = await server.invokeMethodAsync('Find', Number(id));
      if (field.value.trim().replace('#', '') === id) {
        found = rows.map(row => ({ name: row.name, kind: row.kind, points: 200, run: go(row.address) }));
      }
    } catch {
      // The connection is lost: the page says so, and what it knows itself can still be gone to.
    } finally {
      asked--;
      draw();
    }
  }
}

field.addEventListener('input', () => {
  look();
  draw();
});

field.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    choose(chosen + step);
  } else if (event.key === 'Enter' && !event.repeat && !event.isComposing) {
    event.preventDefault();
    run(chosen);
  } else if (event.key === 'Escape') {
    dialog.close();
  }
});

window.attunePalette = {
  attach: reference => { server = reference; },
  open: async () => {
    field.value = '';
    found = [];
    draw();
    dialog.showModal();
    field.focus();
    if (server) {
      try {
        const rows = await server.invokeMethodAsync('Names');
        named = rows.map(row => ({ name: row.name, kind: row.kind, run: go(row.address) }));
        draw();
      } catch {
        // As above: the names of the last time stay.
      }
    }
  },
};
