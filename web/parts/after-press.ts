/**
 * While a mouse button is down, its target must not move: the browser checks the target again on release, and drops the
 * click if it is another element. So page changes caused by a field's loss of focus wait for the click.
 */
let isPressed = false;
let waiting: (() => void)[] = [];

function release(): void {
  // After the click, which follows in the same turn.
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

/** Runs `act` at once, or after the click of a pressed mouse button. */
export function afterPress(act: () => void): void {
  if (isPressed) waiting.push(act);
  else act();
}
