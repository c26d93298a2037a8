/** Code of the pages did not load: no answer, or its file is gone since an update of Mailroom. */
export class CodeNotLoaded extends Error {
  override readonly name = 'CodeNotLoaded';
}

/** Imports a module on demand. Rejects with CodeNotLoaded. */
export async function loadCode<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    throw new CodeNotLoaded('Code of the pages did not arrive', { cause });
  }
}
