/** Elements in which mail programs put what they quote. `x_` is Outlook's prefix for names of a mail within a mail. */
export const QUOTE_ELEMENTS = [
  ...['.gmail_quote', '.gmail_quote_container', '.x_gmail_quote', '.yahoo_quoted', '.protonmail_quote'],
  ...['.tutanota_quote', '.zmail_extra', 'blockquote[type=cite]', 'div[name=quote]', '#OLK_SRC_BODY_SECTION'],
].join(',');

/** Elements after which everything is quoted. */
export const SEPARATORS = [
  ...['#divRplyFwdMsg', '#x_divRplyFwdMsg', '#appendonsend', '#x_appendonsend'],
  ...['#mail-editor-reference-message-container', '#ms-outlook-mobile-body-separator-line'],
].join(',');

const from = 'From|Von|De|Da|Van|Från|Fra|Od|От|Feladó|Lähettäjä|Kimden|差出人|发件人|寄件者|보낸 사람';
const sent =
  'Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el| em)?|Fecha|Data|Inviato|Verzonden|Skickat|Sendt|Dato|Wysłano|Odesláno|Отправлено|Дата|Lähetetty|Gönderildi|送信日時|日時|发送时间|日期|寄件日期|보낸 날짜';
const to =
  'To|An|À|Para|A|Aan|Till|Til|Do|Komu|Кому|Címzett|Vastaanottaja|Kime|宛先|收件人|받는 사람|Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Temat|Předmět|Тема|件名|主题|主旨|제목';

/** The first line of the headers that Outlook puts before what it quotes; both languages of a bilingual Outlook. */
export const FIRST_HEADER = new RegExp(`^[\\s*_>]*(?:${from})\\s?[:：]`, 'iu');
const secondHeader = new RegExp(`(?:^|\\n|\\s)[*_>]*(?:${sent})\\s?[:：]`, 'iu');
const thirdHeader = new RegExp(`(?:^|\\n|\\s)[*_>]*(?:${to})\\s?[:：]`, 'iu');

/** Whether a text begins with the headers of a quoted mail. */
export function beginsWithHeaders(text: string): boolean {
  const beginning = text.slice(0, 2_000);
  return FIRST_HEADER.test(beginning) && secondHeader.test(beginning) && thirdHeader.test(beginning);
}

/** `-----Original Message-----`, in the languages of Outlook. */
export const ORIGINAL_MESSAGE =
  /^\s*[-_]{2,}\s*(?:Original (?:Message|Appointment)|Reply message|Ursprüngliche Nachricht|Ursprünglicher Termin|Original-Nachricht|Originalnachricht|Message d['’]origine|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht|Ursprungligt meddelande|Oprindelig meddelelse|Opprinnelig melding|Wiadomość oryginalna|Původní zpráva|Исходное сообщение|Пересылаемое сообщение)\s*[-_]{2,}\s*$/iu;

/** The line before a quote: *On 3 May 2026, Jo Doe wrote:* */
export function isAttribution(text: string): boolean {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 5 && line.length < 400 && /[:：]$/.test(line) && /\d/.test(line) && attributed.test(line);
}

const attributed =
  /wrote|writes|schrieb|geschrieben|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał|napsal|написал|пише|kirjoitti|yazdı|書きました|写道|寫道|작성|@|<|＜/iu;

/** What is forwarded is the message itself, and stays open. */
export function isForwarded(subject: string): boolean {
  return /^\s*(?:\[[^\]]*\]\s*)?(?:fwd?|wg|tr|rv|enc|i|doorst|vb|vs|pd|転送|转发|轉寄)\s?[:：]/iu.test(subject);
}
