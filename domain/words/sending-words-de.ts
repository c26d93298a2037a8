/** Why an answer is not sent, or what it waits for, by the reason that the API names, in German. */
export const sendingWordsDe: Readonly<Record<string, string>> = {
  'sending-not-enabled':
    'Aus diesem Postfach dürfen keine Antworten gesendet werden. Ein Administrator kann das erlauben: in den allgemeinen Einstellungen und beim Konto.',
  'consent-needed':
    'Die Anmeldung des Kontos erlaubt nur das Lesen. Ein Administrator muss das Konto noch einmal anmelden und dem Senden zustimmen.',
  'sign-in-needed': 'Das Konto muss neu angemeldet werden. Danach lässt sich die Antwort noch einmal senden.',
  'account-disabled': 'Das Konto ist deaktiviert. Wird es aktiviert, lässt sich die Antwort noch einmal senden.',
  'account-removed':
    'Das Konto wurde entfernt. Senden Sie die Antwort aus einem anderen Postfach, zum Beispiel in Outlook.',
  'message-gone':
    'Die E-Mail, die beantwortet werden soll, ist nicht mehr im Postfach oder wurde in Mailroom gelöscht. Schreiben Sie dem Absender in Outlook eine neue Nachricht.',
  'mailbox-full':
    'Das Postfach ist voll, deshalb nimmt Microsoft die Antwort nicht an. Schaffen Sie Platz, dann senden Sie noch einmal.',
  'mailbox-gone': 'Microsoft findet das Postfach nicht. Sehen Sie in Microsoft 365 nach, ob es noch eine Lizenz hat.',
  'access-denied':
    'Microsoft erlaubt den Zugriff auf das Postfach nicht. Ein Administrator muss die Berechtigungen des Kontos prüfen.',
  'send-as-denied':
    'Wer für dieses Postfach angemeldet ist, darf nicht in seinem Namen senden. Ein Exchange-Administrator muss „Senden als“ oder „Senden im Auftrag von“ erlauben.',
  'recipient-refused':
    'Microsoft nimmt mindestens einen Empfänger nicht an. Prüfen Sie die Adressen, dann senden Sie noch einmal.',
  'too-many-recipients':
    'Für dieses Postfach sind das zu viele Empfänger. Entfernen Sie welche, dann senden Sie noch einmal.',
  'message-too-large':
    'Mit ihren Anlagen ist die Antwort größer, als Ihre Organisation erlaubt. Entfernen Sie Anlagen, dann senden Sie noch einmal.',
  'large-file-refused':
    'Microsoft nimmt für Antworten aus diesem gemeinsamen Postfach keine Dateien von mehr als 3 MB an. Senden Sie stattdessen einen Link oder kleinere Dateien.',
  'send-quota-used-up':
    'Das Postfach hat seine Sendegrenze erreicht. Senden Sie später noch einmal, spätestens morgen.',
  'sending-blocked':
    'Microsoft hat dieses Postfach oder die Nachricht als verdächtig gesperrt. Ein Administrator kann gesperrte Absender in Microsoft Defender unter „Eingeschränkte Entitäten“ freigeben.',
  refused:
    'Microsoft hat die Antwort abgelehnt. Mit dem Code und der Anfrage-ID kann der Support von Microsoft den Grund finden.',
  throttled: 'Microsoft bittet zu warten. Mailroom versucht es danach von selbst noch einmal.',
  'microsoft-down': 'Microsoft ist nicht zu erreichen.',
  'settings-refused':
    'Microsoft nimmt die allgemeinen Einstellungen von Mailroom nicht an. Ein Administrator muss sie prüfen.',
  'not-in-sent-items':
    'Microsoft hat die Antwort angenommen, aber sie ist im Postfach nicht zu finden. Sehen Sie in Outlook unter „Gesendete Elemente“ und „Gelöschte Elemente“ nach, bevor Sie noch einmal senden.',
  'still-a-draft':
    'Microsoft hat die Antwort angenommen, aber sie liegt noch in „Entwürfe“. Sehen Sie in Outlook nach, bevor Sie noch einmal senden.',
  'no-answer':
    'Microsoft hat auf das Senden nicht geantwortet, und die Antwort ist im Postfach nicht zu finden. Sehen Sie in Outlook unter „Gesendete Elemente“ nach, bevor Sie noch einmal senden.',
};

/** What a person confirms before sending, by the name that the API gives it, in German. */
export const confirmationWordsDe: Readonly<Record<string, string>> = {
  'automatic-mail': 'Die E-Mail kam von einem Programm; vielleicht liest niemand die Antwort.',
  'answered-meanwhile': 'Jemand hat diese E-Mail beantwortet, seit Sie mit dem Entwurf begonnen haben.',
  'no-attachment': 'Der Text nennt eine Anlage, aber es ist keine angehängt.',
  'many-answers': 'Diese Adresse hat heute schon mehrere Antworten aus diesem Postfach bekommen.',
};
