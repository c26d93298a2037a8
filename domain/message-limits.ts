/**
 * Characters of a subject that are kept, matched and shown; Outlook writes 255. What is cut ends in an ellipsis. Folding
 * one of ten million characters would hold a worker for a second.
 */
export const MOST_SUBJECT_CHARACTERS = 10_000;
