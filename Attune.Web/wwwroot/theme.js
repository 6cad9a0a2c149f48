// Runs before anything is drawn, so that the page never shows in the wrong colours first. What the reader chose is kept here.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');

  const recall = key => {
    try {
      return localStorage.getItem(`attune.${key}`);
    } catch {
      return null; // Storage is switched off.
    }
  };

  const remember = (key, value) => {
    try {
      localStorage.setItem(`attune.${key}`, value);
    } catch {
      // Storage is switched off: the choice holds until the page is left.
    }
  };

  // The zone that the reader has chosen; undefined for the browser's own. Before any could be chosen it was a switch for UTC.
  const zone = () => (recall('zone') ?? (recall('utc') === 'true' ? 'UTC' : '')) || undefined;

  const apply = () => {
    const choice = recall('theme') ?? 'system';
    const dark = choice === 'dark' || (choice === 'system' && system.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    document.documentElement.dataset.letters = recall('letters') === 'off' ? 'off' : 'on';
  };

  // Paper is white.
  addEventListener('beforeprint', () => { document.documentElement.dataset.theme = 'light'; });
  addEventListener('afterprint', apply);

  // The files of the letters would stand in the way of a first visit: it begins with the system's own (frame.js).
  if (recall('fonts') !== 'here') {
    document.documentElement.dataset.fonts = 'later';
  }

  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  window.attuneView = { recall, remember, apply, zone };
})();
