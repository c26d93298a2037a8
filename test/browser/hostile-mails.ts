export interface HostileMail {
  readonly subject: string;
  readonly html: string;
  /** Words that must be seen all the same. */
  readonly shows: string;
  /** True: too dangerous to parse; only its text is shown. */
  readonly asText?: boolean;
}

/** HTML that tries to run scripts (`ran = 1`), to load from `outside`, or to bring down whoever parses it. */
export function hostileMails(outside: string): readonly HostileMail[] {
  const attack = (subject: string, html: string): HostileMail => ({
    subject,
    html: `<p>Good day</p>${html}`,
    shows: 'Good day',
  });
  return [
    attack('Script element', '<script>top.ran = 1</script><script src="OUT/x.js"></script>'),
    attack(
      'Event handlers',
      '<img src=x onerror="top.ran=1"><body onload="top.ran=1"><p onmouseover="top.ran=1">x</p>',
    ),
    attack('Script addresses', '<a href="javascript:top.ran=1">a</a><iframe src="javascript:top.ran=1"></iframe>'),
    attack(
      'SVG and MathML',
      '<svg onload="top.ran=1"><script>top.ran=1</script></svg><math><mi xlink:href="OUT">x</mi></math>',
    ),
    attack(
      'Mutation',
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=top.ran=1&gt;">',
    ),
    attack(
      'Styles',
      '<style>@import "OUT/a.css";</style><p style="background:url(OUT/b.gif);position:fixed;top:0">x</p>',
    ),
    attack('Forms', '<form action="OUT/form"><input autofocus onfocus="top.ran=1"><button>Send</button></form>'),
    attack('Refresh and base', '<meta http-equiv="refresh" content="0;url=OUT/refresh"><base href="OUT/">'),
    attack('Frames and objects', '<iframe src="OUT/f"></iframe><object data="OUT/o"></object><embed src="OUT/e">'),
    attack(
      'Media',
      '<video poster="OUT/p.gif" src="OUT/v" autoplay></video><picture><source srcset="OUT/s"></picture>',
    ),
    attack('Prefetch', '<link rel="prefetch" href="OUT/l"><link rel="stylesheet" href="OUT/c.css">'),
    attack('Remote images', '<img src="OUT/tracker.gif" width=1><img srcset="OUT/set.gif 1x" src="OUT/second.gif">'),
    attack(
      'Clobbering',
      '<a id="body" name="contentDocument"></a><img name="querySelector"><form id="documentElement">',
    ),
    {
      subject: 'Nested deeply',
      html: `${'<div>'.repeat(20_000)}Good day${'</div>'.repeat(20_000)}`,
      shows: 'Good day',
      asText: true,
    },
  ].map((mail) => ({ ...mail, html: mail.html.replaceAll('OUT', outside) }));
}
