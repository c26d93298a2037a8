/** The codec endpoint to enter in Temporal's pages; they append the operation, such as `/decode`. */
export const CODEC_PATH = '/temporal/codec';
