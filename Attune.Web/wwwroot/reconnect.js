// When the server was restarted there is nothing to come back to: the page is loaded anew, and reads what is there now.
const modal = document.getElementById('components-reconnect-modal');

async function retry() {
  try {
    if (!await Blazor.reconnect()) {
      location.reload();
    }
  } catch {
    // Still away: the next try comes with a click or when the page is looked at again.
  }
}

modal.addEventListener('components-reconnect-state-changed', event => {
  if (event.detail.state === 'rejected') {
    location.reload();
  }
});

document.getElementById('reconnect-now').addEventListener('click', retry);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && modal.classList.contains('components-reconnect-failed')) {
    retry();
  }
});
