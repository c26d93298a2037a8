import { DefaultFailureConverter } from '@temporalio/common';

/** Loaded by path, also into the workflow bundle: moves messages and stacks of failures into an encrypted payload. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
