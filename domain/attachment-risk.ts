/** Why a file needs a second thought before it is opened, the worst first. */
export const attachmentRisks = ['executable', 'script', 'macro', 'disk-image', 'archive'] as const;
export type AttachmentRisk = (typeof attachmentRisks)[number];

const extensions = (list: string) => list.split(' ');

/** What Outlook and Gmail refuse to open, and what can carry it (support.microsoft.com, "Blocked attachments in Outlook"). */
const extensionsByRisk: Readonly<Record<AttachmentRisk, readonly string[]>> = {
  executable: extensions(
    'exe com scr pif cpl msi msp mst msix msixbundle appx appxbundle appinstaller application gadget jar jnlp apk aab ' +
      'ipa app dmg pkg deb rpm run bin elf dll sys drv ocx xll lnk url website library-ms search-ms appref-ms desktop ' +
      'command workflow action kext xpi crx diagcab diagcfg diagpkg msc theme themepack settingcontent-ms printerexport',
  ),
  script: extensions(
    'bat cmd ps1 ps1xml ps2 psc1 psc2 psd1 psm1 vbs vbe vb vbscript js jse mjs cjs ws wsf wsh wsc sct hta htc htm html ' +
      'xhtml xht shtml mht mhtml svg svgz xml xsl xslt xbap py pyc pyo pyw pyz pyzw rb pl php sh bash csh ksh zsh fish scpt ' +
      'applescript chm hlp inf ins isp reg rdp osd its iqy oqy slk scf shb shs one onepkg asp aspx cer csr der ade adp mdb ' +
      'accdb mde',
  ),
  macro: extensions('docm dotm xlsm xltm xlam xlsb xla xlm xlt pptm potm ppam ppsm sldm ppa wiz wbk mam maf mag'),
  'disk-image': extensions('iso img vhd vhdx vmdk udf daa nrg toast cue wim'),
  archive: extensions('zip zipx 7z rar tar tgz gz bz2 tbz tbz2 xz txz zst lz lzh lha arj ace cab cpio z uue uu xar'),
};

const riskOfExtension = new Map(
  attachmentRisks.toReversed().flatMap((risk) => extensionsByRisk[risk].map((extension) => [extension, risk] as const)),
);

/** Containers of documents: zip files that nothing runs. */
const documents = new Set(
  extensions(
    'docx dotx xlsx xltx pptx potx ppsx vsdx odt ott ods ots odp otp odg epub pages numbers key xps oxps kmz 3mf',
  ),
);

/**
 * The extension by which a system chooses a program, in lower case: the last one, after what Windows drops (dots and
 * blanks at the end, a stream's name) and what is not seen.
 */
export function extensionOf(name: string): string {
  const shown = name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
  const file = shown.split(/[/\\]/).at(-1) ?? '';
  const [bare = ''] = file.split(':');
  return (/\.([^.\s]+)$/.exec(bare.replace(/[.\s]+$/, ''))?.[1] ?? '').toLowerCase();
}

/** The risk that a name shows; null: none. */
export function riskOfName(name: string): AttachmentRisk | null {
  return riskOfExtension.get(extensionOf(name)) ?? null;
}

const text = (characters: string) => Array.from(characters, (character) => character.charCodeAt(0));

/** Bytes at a place that only this kind of file has. */
const signatures: readonly (readonly [risk: AttachmentRisk, at: number, bytes: readonly number[]])[] = [
  ['executable', 0, text('MZ')],
  ['executable', 0, text('\x7fELF')],
  ['executable', 0, [0xfe, 0xed, 0xfa, 0xce]],
  ['executable', 0, [0xfe, 0xed, 0xfa, 0xcf]],
  ['executable', 0, [0xce, 0xfa, 0xed, 0xfe]],
  ['executable', 0, [0xcf, 0xfa, 0xed, 0xfe]],
  ['executable', 0, [0xca, 0xfe, 0xba, 0xbe]],
  // A shortcut of Windows: the length and the class id of its header.
  ['executable', 0, [0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0]],
  ['script', 0, text('#!')],
  ['disk-image', 0, text('vhdxfile')],
  ['disk-image', 0, text('conectix')],
  ['disk-image', 0x8001, text('CD001')],
  ['disk-image', 0x8001, text('BEA01')],
  ['archive', 0, text('PK\x03\x04')],
  ['archive', 0, text('Rar!')],
  ['archive', 0, text("7z\xbc\xaf'\x1c")],
  ['archive', 0, [0x1f, 0x8b]],
  ['archive', 0, text('BZh')],
  ['archive', 0, text('\xfd7zXZ')],
  ['archive', 0, text('MSCF')],
];

/** Bytes from the start that `riskOfBytes` looks at. */
export const RISK_BYTES = 0x8001 + 5;

/** The risk that the first bytes of a file show, whatever its name; null: none. */
export function riskOfBytes(head: Uint8Array, name: string): AttachmentRisk | null {
  const found = signatures.find(([, at, bytes]) => bytes.every((byte, index) => head[at + index] === byte));
  if (found) return found[0] === 'archive' && documents.has(extensionOf(name)) ? null : found[0];
  return startsAsMarkup(head) ? 'script' : null;
}

/** HTML under any other name: browsers of old, and some mail programs, look at the content. */
function startsAsMarkup(head: Uint8Array): boolean {
  const start = String.fromCharCode(...head.subarray(0, 256)).replace(/^\xef\xbb\xbf/, '');
  return /^\s*(<!doctype\s+html|<html|<script|<svg|<\?xml[^>]*>\s*<(html|svg))/i.test(start);
}

/** The worse of two. */
export function worseRisk(one: AttachmentRisk | null, other: AttachmentRisk | null): AttachmentRisk | null {
  return attachmentRisks.find((risk) => risk === one || risk === other) ?? null;
}
