// The frame: the navigation where it is a drawer, the way past it, the names of zones.

const root = document.documentElement;
const isDrawer = matchMedia('(max-width: 959.98px)');
const frame = () => document.querySelector('.frame.live') ?? document.querySelector('.frame');

// What stood there before the circuit did is not needed any more.
new MutationObserver((_, observer) => {
  if (document.querySelector('.frame.live')) {
    observer.disconnect();
    document.querySelector('.first-paint')?.remove();
    loadFonts();
  }
}).observe(document.body, { childList: true, subtree: true });

// Once the page has what it shows. They are drawn when all of them are there, and at once on every later visit.
function loadFonts(tries = 20) {
  if (root.dataset.fonts !== 'later') {
    return;
  }

  if (tries > 0 && (!document.querySelector('.frame.live main h1') || document.querySelector('main :is([aria-busy="true"], .skeletons)'))) {
    setTimeout(() => loadFonts(tries - 1), 250);
    return;
  }

  Promise.all(['14px Inter', '14px "JetBrains Mono"'].map(font => document.fonts.load(font))).then(() => {
    delete root.dataset.fonts;
    window.attuneView.remember('fonts', 'here');
  }, () => { });
}

// While the drawer is open, nothing but the drawer can be reached.
function setMenu(open, focus = true) {
  const here = frame();
  const button = here.querySelector('[data-menu="toggle"]');
  if (open === (root.dataset.menu === 'open')) {
    return;
  }

  root.dataset.menu = open ? 'open' : 'closed';
  button.setAttribute('aria-expanded', String(open));
  for (const behind of here.querySelectorAll('.bar, .page')) {
    behind.inert = open;
  }

  if (open) {
    here.querySelector('.menu a').focus();
  } else if (focus) {
    button.focus();
  }
}

document.addEventListener('click', event => {
  const place = event.target.closest('[data-menu]');
  if (place && place !== root) {
    setMenu(place.dataset.menu === 'toggle' && root.dataset.menu !== 'open');
  } else if (event.target.closest('.menu a')) {
    setMenu(false, false);
  }

  if (event.target.closest('.skip')) {
    event.preventDefault();
    frame().querySelector('main').focus();
  }
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && root.dataset.menu === 'open') {
    setMenu(false);
  }
});

isDrawer.addEventListener('change', () => setMenu(false, false));

// Four hundred names would weigh on every page; they are made when somebody asks for one.
document.addEventListener('focusin', event => {
  if (event.target.matches?.('[data-zones]') && event.target.list && !event.target.list.childElementCount) {
    for (const zone of Intl.supportedValuesOf?.('timeZone') ?? []) {
      event.target.list.append(new Option('', zone));
    }
  }
});
