/* codes.h - what the 8-bit codes of compact state vectors mean. */
#ifndef DSC_OPTIM_CODES_H
#define DSC_OPTIM_CODES_H

enum { DSC_CODES = 256, DSC_CODE_SIGN = 128 /* this bit of a signed code says minus */ };

/* Fractions of a block's scale, by code. */
extern const float dsc_codes_signed[DSC_CODES], dsc_codes_positive[DSC_CODES];

#endif
