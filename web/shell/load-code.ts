/** Code of the pages did not arrive: no answer, or its file is gone since Mailroom was updated. */
export class CodeNotLoaded extends Error {
  override readonly name = 'CodeNotLoaded';
}

/** Imports what is needed only now. Rejects with CodeNotLoaded. */
export async function loadCode<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (cause) {
    throw new CodeNotLoaded('Code of the pages did not arrive', { cause });
  }
}
