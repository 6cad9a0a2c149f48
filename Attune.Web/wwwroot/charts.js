// A chart of buckets (Lists/LiveHistogram): pointing, choosing a range with pointer or keys. The server hears of a choice once it is made.
// Slots are read when they are needed, since the server draws them anew while rows come in.

const fewest = 3; // buckets that can be zoomed into
const away = 'The server is away. Choose again once it is back.';

export function start(chart, target) {
  const part = name => chart.querySelector(`[data-part="${name}"]`);
  const slots = () => [...chart.querySelectorAll('[data-slot]')];
  const isLinked = chart.dataset.linked !== undefined;
  let anchor = null; // the beginning of the bucket where the choice began: its place among the bars changes when the clock goes on
  let at = null; // the bucket under the pointer, or that the keys are on
  let isDragging = false;
  let width = Math.floor(chart.clientWidth);

  const show = text => {
    const tip = part('tip');
    const all = slots();
    tip.hidden = !text || !all.length;
    if (tip.hidden) {
      return;
    }
    tip.textContent = text;
    const box = all[at].getBoundingClientRect();
    const room = chart.getBoundingClientRect();
    const middle = box.left + box.width / 2 - room.left;
    tip.style.left = `${Math.max(0, Math.min(room.width - tip.offsetWidth, middle - tip.offsetWidth / 2))}px`;
  };

  // The first bar begins later and later, as the range does.
  const place = since => Math.max(0, slots().findIndex(slot => slot.dataset.since === since));

  const ends = () => {
    const from = anchor === null ? at : place(anchor);
    return [Math.min(from, at), Math.max(from, at)];
  };

  const draw = said => {
    const all = slots();
    const selection = part('selection');
    if (at === null || !all.length) {
      selection.setAttribute('width', 0);
      show(null);
      return;
    }
    at = Math.min(at, all.length - 1);
    const [first, last] = ends();
    const x = all[first].x.baseVal.value;
    selection.setAttribute('x', x);
    selection.setAttribute('width', all[last].x.baseVal.value + all[last].width.baseVal.value - x);
    selection.classList.toggle('chosen', anchor !== null);
    const text = anchor === null ? all[at].dataset.slot
      : `From ${all[first].dataset.from} to ${all[last].dataset.to}${last - first + 1 < fewest ? ': choose a wider range' : ''}`;
    show(text);
    if (said) {
      part('said').textContent = text;
    }
  };

  const forget = () => {
    anchor = null;
    at = null;
    isDragging = false;
    draw(false);
  };

  const choose = () => {
    const all = slots();
    const [first, last] = ends();
    const isOne = first === last;
    if (last - first + 1 >= fewest || (isLinked && isOne)) {
      target.invokeMethodAsync('Choose', all[first].dataset.since, all[last].dataset.until, isOne).then(forget, () => {
        part('said').textContent = away;
        show(away);
      });
    } else {
      part('said').textContent = 'Choose a wider range: at least three bars.';
      show('Choose a wider range: at least three bars.');
      anchor = null;
    }
  };

  const under = event => {
    const all = slots();
    if (!all.length) {
      return null;
    }
    const left = all[0].getBoundingClientRect().left;
    const right = all.at(-1).getBoundingClientRect().right;
    return event.clientX > right + 4 ? null
      : Math.max(0, Math.min(all.length - 1, Math.floor((event.clientX - left) / (right - left) * all.length)));
  };

  chart.addEventListener('pointerdown', event => {
    const bucket = under(event);
    if (event.button === 0 && bucket !== null) {
      anchor = slots()[bucket].dataset.since;
      at = bucket;
      isDragging = true;
      event.preventDefault(); // else it selects text
      chart.focus({ preventScroll: true });
      draw(false);
    }
  });

  chart.addEventListener('pointermove', event => {
    const bucket = under(event);
    if (bucket === null) {
      if (!isDragging) {
        forget();
      }
      return;
    }
    if (!isDragging) {
      anchor = null;
    }
    if (at !== bucket || !isDragging) {
      at = bucket;
      draw(false);
    }
  });

  chart.addEventListener('pointerup', event => {
    if (isDragging) {
      isDragging = false;
      if (place(anchor) === at && !isLinked) {
        anchor = null; // a click chooses nothing
        draw(false);
      } else {
        choose();
      }
    }
  });

  chart.addEventListener('pointerleave', forget);
  chart.addEventListener('pointercancel', forget);
  chart.addEventListener('blur', forget);

  chart.addEventListener('focus', () => {
    if (at === null && slots().length && chart.matches(':focus-visible')) {
      at = slots().length - 1;
      draw(true);
    }
  });

  chart.addEventListener('keydown', event => {
    const count = slots().length;
    if (!count || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const now = at ?? count - 1;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: count - 1 }[event.key];
    if (to !== undefined) {
      anchor = event.shiftKey ? anchor ?? slots()[now].dataset.since : null;
      at = Math.max(0, Math.min(count - 1, to));
      draw(true);
    } else if (event.key === 'Enter' && at !== null) {
      choose();
    } else if (event.key === 'Escape' && anchor !== null) {
      isDragging = false;
      anchor = null;
      draw(true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  let waiting = 0;
  new ResizeObserver((_, observer) => {
    if (!chart.isConnected) {
      observer.disconnect();
      return;
    }
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const wide = Math.floor(chart.clientWidth);
      if (wide > 0 && wide !== width) {
        width = wide;
        target.invokeMethodAsync('Resized', width).catch(() => observer.disconnect());
      }
    }, 200);
  }).observe(chart);
  return width;
}
