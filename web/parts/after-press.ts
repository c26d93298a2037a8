/**
 * While a mouse button is down, what it was pressed on must not move: the browser looks again where it is released, and
 * drops the click when that is something else. So what changes the page because a field lost the focus waits for the click.
 */
let isPressed = false;
let waiting: (() => void)[] = [];

function release(): void {
  // Behind the click, which follows in the same turn.
  setTimeout(() => {
    isPressed = false;
    const acts = waiting;
    waiting = [];
    for (const act of acts) act();
  });
}

for (const name of ['pointerdown', 'mousedown']) {
  addEventListener(name, () => (isPressed = true), true);
}
for (const name of ['pointerup', 'pointercancel', 'mouseup', 'dragend', 'blur']) {
  addEventListener(name, ({ target }) => (name !== 'blur' || target === window) && release(), true);
}

/** Runs it at once, or behind the click for which a button is down. */
export function afterPress(act: () => void): void {
  if (isPressed) waiting.push(act);
  else act();
}
