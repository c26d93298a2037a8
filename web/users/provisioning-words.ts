import { useLanguage } from '../shell/languages.tsx';
import { provisioning as de } from '../words/de/provisioning.ts';
import { provisioning as en } from '../words/en/provisioning.ts';

/** Words of provisioning: loaded with the pages of administrators, so that other pages do not wait for them. */
export function useProvisioningWords(): typeof en {
  const { language } = useLanguage();
  return language === 'de' ? de : en;
}
