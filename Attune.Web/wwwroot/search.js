// What the search box needs of the browser: where the caret is, and Escape out of it.

export const caret = input => input.selectionStart;

export function put(input, text, caret) {
  input.value = text;
  input.setSelectionRange(caret, caret);
  input.scrollLeft = input.scrollWidth;
}

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && event.target.matches?.('[data-search][aria-expanded="false"]')) {
    event.target.blur();
  }
});
