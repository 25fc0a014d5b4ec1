// ALL sets all eight lanes to a number.
#define ALL(number, lanes) \
	MOVQ         number, BX \
	VPBROADCASTQ BX, lanes

// GATHER sets the lanes of a mask to what stands at eight places, the others to 0.
#define GATHER(mask, at, lanes) \
	KMOVQ      mask, K3     \
	VPXORQ     lanes, lanes, lanes \
	VPGATHERQQ at, K3, lanes

// NEXT_EIGHT takes the next eight fields of SI, or those that are left: AX of CX are
// done, and with none left it goes to done. R12 is how many, DX and K1 have a bit for
// each, Z1 and Z2 say where they begin and end. low has the lower halves of all lanes.
#define NEXT_EIGHT(low, done) \
	MOVQ        CX, R12          \
	SUBQ        AX, R12          \
	JZ          done             \
	MOVQ        $8, R11          \
	CMPQ        R12, R11         \
	CMOVQGT     R11, R12         \
	MOVL        $0xff, DX        \
	BZHIL       R12, DX, DX      \
	KMOVB       DX, K1           \
	VMOVDQU64.Z (SI)(AX*8), K1, Z0 \
	VPANDQ      low, Z0, Z1      \
	VPSRLQ      $32, Z0, Z2
