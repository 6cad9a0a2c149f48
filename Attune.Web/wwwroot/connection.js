// Opens the circuit, and says what is true of it: while it is lost nothing on the page is live, the notice tells since when, and
// it is tried again until it is back.

const mostSilence = 12_000; // The server says something every four seconds (WebModule).
const pauses = [0, 1, 2, 3, 5, 5, 5, 5, 5, 5, 10]; // In seconds; the last one goes on.

const root = document.documentElement;
const notice = document.getElementById('connection-notice');
const since = document.getElementById('connection-since');
const next = document.getElementById('connection-next');

let attempt = 0;
let trying = false;
let timer;

const lost = () => root.dataset.connection === 'lost';

function clock(at) {
  try {
    return at.toLocaleTimeString('en-GB', { timeZone: window.attuneView.zone() });
  } catch {
    return at.toLocaleTimeString('en-GB');
  }
}

function lose() {
  if (lost()) {
    return;
  }

  root.dataset.connection = 'lost';
  since.textContent = clock(new Date());
  notice.hidden = false;
  attempt = 0;
  wait();
}

function find() {
  clearTimeout(timer);
  notice.hidden = true;
  root.dataset.connection = 'open';
  setTimeout(beginAnew, 5000);
}

// What the server had asked when the line broke is not answered any more: a page that waits for it would wait for good.
function beginAnew() {
  if (!lost() && (!document.querySelector('.frame.live main h1') || document.querySelector('main .skeletons'))) {
    location.reload();
  }
}

function wait() {
  let left = pauses[Math.min(attempt, pauses.length - 1)];
  attempt++;
  const count = () => {
    if (left <= 0) {
      tryAgain();
      return;
    }

    next.textContent = `Next try in ${left} s`;
    left--;
    timer = setTimeout(count, 1000);
  };
  clearTimeout(timer);
  count();
}

// The circuit as it was; else as it was put aside when the connection was lost; else the page anew. While the server is away the
// first of them throws, and a page that cannot be loaded is not left.
async function tryAgain() {
  if (trying || !lost()) {
    return;
  }

  trying = true;
  clearTimeout(timer);
  next.textContent = 'Trying…';
  try {
    if (await Blazor.reconnect() || await Blazor.resumeCircuit().catch(() => false)) {
      find();
    } else {
      await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
      location.reload();
    }
  } catch {
    wait();
  } finally {
    trying = false;
  }
}

document.getElementById('connection-try').addEventListener('click', tryAgain);
addEventListener('online', tryAgain);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    tryAgain();
  }
});

// What the server could not draw is not live either; Blazor shows its own words for that. A line that lets no socket through is found
// out by a circuit that never opened: from then on the browser and the server agree on a way first, as they do after a loss.
const isAgreed = recallsAgreement();
let connections = 0;

new MutationObserver(async (_, observer) => {
  observer.disconnect();
  root.dataset.connection = 'failed';
  if (!isAgreed && !document.querySelector('.frame.live') && remembersAgreement()) {
    await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
    location.reload();
  }
}).observe(document.getElementById('blazor-error-ui'), { attributes: true, attributeFilter: ['style'] });

function recallsAgreement() {
  try {
    return sessionStorage.getItem('attune.transport') === 'agreed';
  } catch {
    return true;
  }
}

function remembersAgreement() {
  try {
    sessionStorage.setItem('attune.transport', 'agreed');
    return true;
  } catch {
    return false; // It would be tried the same way again and again.
  }
}

await Blazor.start({
  circuit: {
    // There are none: asking for them is one way there and back less.
    initializers: { beforeStart: [], afterStarted: [] },
    configureSignalR(connection) {
      connection.withServerTimeout(mostSilence);
      if (!isAgreed && connections++ === 0) {
        connection.withUrl('_blazor', { skipNegotiation: true, transport: 1 }); // WebSockets
      }
    },
    reconnectionHandler: { onConnectionDown: lose, onConnectionUp: find },
  },
});
