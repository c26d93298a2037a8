/** The policy of the frame for sanitised mail: nothing in it can run, send or load. Images are of the page that fills it. */
export const MAIL_FRAME_POLICY =
  "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** An empty document. The page inserts the body that DOMPurify made; no markup is parsed here. */
export const MAIL_FRAME = `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>E-mail</title>
<style>
html { color-scheme: only light; background: #fff; color: #1c2430; }
/* Not "anywhere": in the columns of a table each word would become a pile of letters. */
body { margin: 0; padding: 16px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
/* The frame takes the height of the body, so the body must not depend on the frame's height. */
html, body { height: auto !important; min-height: 0 !important; max-height: none !important; }
body { display: flow-root !important; }
img { max-width: 100%; }
img:not([height]) { height: auto; }
pre { white-space: pre-wrap; }
blockquote { margin: 0 0 0 8px; padding-left: 12px; border-left: 3px solid #d9dee5; }
</style>
</head>
<body></body>
</html>
`;
