#include "textflag.h"

// func lookAVX2(to *block, data *byte, blocks int, sep, eol, quote byte)
TEXT ·lookAVX2(SB), NOSPLIT, $0-27
	MOVQ         to+0(FP), DI
	MOVQ         data+8(FP), SI
	MOVQ         blocks+16(FP), CX
	VPBROADCASTB sep+24(FP), Y0
	VPBROADCASTB eol+25(FP), Y1
	VPBROADCASTB quote+26(FP), Y2

next:
	VMOVDQU   (SI), Y3
	VMOVDQU   32(SI), Y4
	VPCMPEQB  Y3, Y1, Y5
	VPCMPEQB  Y4, Y1, Y6
	VPMOVMSKB Y5, AX
	VPMOVMSKB Y6, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, 8(DI)      // ends
	VPCMPEQB  Y3, Y0, Y7
	VPCMPEQB  Y4, Y0, Y8
	VPOR      Y5, Y7, Y7
	VPOR      Y6, Y8, Y8
	VPMOVMSKB Y7, AX
	VPMOVMSKB Y8, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, (DI)       // marks
	VPCMPEQB  Y3, Y2, Y5
	VPCMPEQB  Y4, Y2, Y6
	VPMOVMSKB Y5, AX
	VPMOVMSKB Y6, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, 16(DI)     // quotes
	VPMOVMSKB Y3, AX
	VPMOVMSKB Y4, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, 24(DI)     // wide
	ADDQ      $64, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       next
	VZEROUPPER
	RET
