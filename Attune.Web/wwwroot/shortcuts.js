// Keys that are commands: the palette, the sheet of shortcuts, the ways to the pages. Letters do nothing while somebody types, and
// nothing at all when they are switched off: speech input and chance would press them.

const forgotten = 1500; // How long the g of "g e" is waited for, in milliseconds.
const typed = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="range"]), textarea, select, [contenteditable]';
const open = 'dialog[open], [popover]:popover-open, .mud-dialog';

let going = 0;

const lettersOn = () => document.documentElement.dataset.letters !== 'off';

const isCommand = event =>
  lettersOn() && !event.defaultPrevented && !event.repeat && !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey
  && !event.target.closest?.(typed) && !document.querySelector(open);

// Other scripts that take letters ask here.
window.attuneShortcuts = { lettersOn, isCommand };

function focusSearch() {
  const fields = document.querySelectorAll('.frame.live main [data-shortcut="search"], .frame.live main [role="search"] input');
  const field = [...fields].find(one => one.checkVisibility());
  field?.focus();
  field?.select?.();
  return field;
}

// The address changes before its page is drawn: a field that goes with the page before it, or is not there yet, is looked for again.
function seekSearch() {
  const until = performance.now() + forgotten;
  const found = focusSearch();
  let field = found;
  const look = () => {
    if (!field?.isConnected && !document.activeElement?.matches(typed)) {
      field = focusSearch();
    }

    if (performance.now() < until) {
      requestAnimationFrame(look);
    }
  };

  requestAnimationFrame(look);
  return !!found;
}

function showSheet() {
  document.getElementById('shortcut-letters').checked = lettersOn();
  document.getElementById('shortcuts').showModal();
}

const commands = {
  palette: () => window.attunePalette.open(),
  shortcuts: showSheet,
};

document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    if (!event.repeat && !document.querySelector(open)) {
      commands.palette();
    }

    return;
  }

  if (!isCommand(event)) {
    return;
  }

  const went = event.timeStamp - going < forgotten;
  going = 0;
  if (went) {
    const link = document.querySelector(`.frame.live .menu [data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    if (link) {
      event.preventDefault();
      event.stopImmediatePropagation();
      link.click();
    }
  } else if (event.key === 'g') {
    going = event.timeStamp;
  } else if (event.key === '?') {
    event.preventDefault();
    showSheet();
  } else if (event.key === '/' && seekSearch()) {
    event.preventDefault();
  }
}, true);

document.addEventListener('click', event => {
  commands[event.target.closest?.('[data-command]')?.dataset.command]?.();
  if (event.target.matches?.('dialog[data-light]')) {
    event.target.close(); // Beside what the dialog holds.
  }

  event.target.closest?.('[data-close]')?.closest('dialog').close();
});

document.getElementById('shortcut-letters').addEventListener('change', event => {
  window.attuneView.remember('letters', event.target.checked ? 'on' : 'off');
  window.attuneView.apply();
});
