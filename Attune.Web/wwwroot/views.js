// Whose the saved views are: until there are accounts a reader is this browser, by a random text that it keeps.
export function owner() {
  try {
    let known = localStorage.getItem('attune.owner');
    if (!known) {
      known = [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('');
      localStorage.setItem('attune.owner', known);
    }
    return known;
  } catch {
    return null; // Storage is switched off: there are shared views only.
  }
}
