import { normalText, type TextKind, textKeyword } from '@shop/contracts/text.ts';
import type { Ajv, ErrorObject } from 'ajv';

/** Where a value stands in its parent. */
type Place = { parentData: Record<string | number, unknown>; parentDataProperty: string | number };

/**
 * Adds the keyword for texts to a validator. It replaces a text by its normal form before lengths and patterns are
 * checked, so the code behind the validator sees one form only.
 */
export function addTextKeyword(ajv: Ajv): Ajv {
  const validate = (kind: TextKind, raw: string, _schema?: unknown, place?: Place): boolean => {
    const normal = normalText(kind, raw);
    if ('refusal' in normal) {
      validate.errors = [{ keyword: textKeyword, message: normal.refusal, params: {} }];
      return false;
    }
    const { parentData, parentDataProperty } = place as Place;
    parentData[parentDataProperty] = normal.text;
    return true;
  };
  validate.errors = [] as Partial<ErrorObject>[];
  return ajv.addKeyword({
    keyword: textKeyword,
    type: 'string',
    schemaType: 'string',
    before: 'maxLength',
    modifying: true,
    errors: true,
    validate,
  });
}
