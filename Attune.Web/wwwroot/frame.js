// The frame: the navigation where it is a drawer, the way past it, the names of zones.

const root = document.documentElement;
const isDrawer = matchMedia('(max-width: 959.98px)');
const frame = () => document.querySelector('.frame.live') ?? document.querySelector('.frame');

// What stood there before the circuit did is not needed any more.
new MutationObserver((_, observer) => {
  if (document.querySelector('.frame.live')) {
    observer.disconnect();
    document.querySelector('.first-paint')?.remove();
  }
}).observe(document.body, { childList: true, subtree: true });

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
