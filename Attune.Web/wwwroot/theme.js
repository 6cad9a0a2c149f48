// Runs before anything is drawn, so that the page never shows in the wrong colours first.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');

  const read = () => {
    try {
      return localStorage.getItem('attune.theme') ?? 'system';
    } catch {
      return 'system';
    }
  };

  const apply = () => {
    const choice = read();
    const dark = choice === 'dark' || (choice === 'system' && system.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };

  apply();
  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  window.attuneTheme = { read, apply };
})();
