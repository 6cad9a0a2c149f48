// A dialog of MudBlazor's takes the focus for itself a moment after it is drawn: the safe answer takes it back, until it keeps it.
export function focusSafe(frames = 30, kept = 0) {
  const safe = document.querySelector('.mud-dialog .stay');
  if (safe && document.activeElement !== safe && !safe.closest('.mud-dialog').querySelector('.go')?.matches(':focus')) {
    safe.focus();
    kept = 0;
  }

  if (frames > 0 && kept < 10) {
    requestAnimationFrame(() => focusSafe(frames - 1, safe ? kept + 1 : 0));
  }
}
