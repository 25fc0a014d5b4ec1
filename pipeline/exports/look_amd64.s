#include "textflag.h"

// func lookAVX2(to *block, data *byte, blocks int, sep, eol, quote byte)
TEXT ·lookAVX2(SB), NOSPLIT, $0-27
	MOVQ         to+0(FP), DI
	MOVQ         data+8(FP), SI
	MOVQ         blocks+16(FP), CX
	VPBROADCASTB sep+24(FP), Y0
	VPBROADCASTB eol+25(FP), Y1
	VPBROADCASTB quote+26(FP), Y2
	MOVL         $0xc0, AX
	VMOVD        AX, X9
	VPBROADCASTB X9, Y9       // bytes below it, signed, continue a character
	MOVL         $0xe0, AX
	VMOVD        AX, X10
	VPBROADCASTB X10, Y10     // bytes from it on begin one of three or more
	MOVL         $0xfe, AX
	VMOVD        AX, X11
	VPBROADCASTB X11, Y11     // 0xc0 and 0xc1 begin none

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
	TESTQ     AX, AX
	JZ        ascii
	VPCMPGTB  Y3, Y9, Y5
	VPCMPGTB  Y4, Y9, Y6
	VPMOVMSKB Y5, AX
	VPMOVMSKB Y6, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, 32(DI)     // tails
	VPMAXUB   Y3, Y10, Y5
	VPMAXUB   Y4, Y10, Y6
	VPCMPEQB  Y3, Y5, Y5
	VPCMPEQB  Y4, Y6, Y6
	VPAND     Y3, Y11, Y7
	VPAND     Y4, Y11, Y8
	VPCMPEQB  Y9, Y7, Y7
	VPCMPEQB  Y9, Y8, Y8
	VPOR      Y5, Y7, Y7
	VPOR      Y6, Y8, Y8
	VPMOVMSKB Y7, AX
	VPMOVMSKB Y8, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	MOVQ      AX, 40(DI)     // rare
	JMP       done

ascii:
	MOVQ AX, 32(DI)
	MOVQ AX, 40(DI)

done:
	ADDQ      $64, SI
	ADDQ      $48, DI
	DECQ      CX
	JNZ       next
	VZEROUPPER
	RET

// func marksBMI(to *uint32, of *block, blocks int, at uint32) (n int)
TEXT ·marksBMI(SB), NOSPLIT, $0-40
	MOVQ to+0(FP), DI
	MOVQ of+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVL at+24(FP), R8
	MOVQ DI, R9

block:
	MOVQ    (SI), AX
	POPCNTQ AX, BX
	LEAQ    (DI)(BX*4), R10 // behind the last one

eight:
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, (DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 4(DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 8(DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 12(DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 16(DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 20(DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 24(DI)
	TZCNTQ AX, DX
	BLSRQ  AX, AX
	ADDL   R8, DX
	MOVL   DX, 28(DI)
	ADDQ   $32, DI
	CMPQ   DI, R10
	JLT    eight
	MOVQ   R10, DI
	ADDL   $64, R8
	ADDQ   $48, SI
	DECQ   CX
	JNZ    block
	SUBQ   R9, DI
	SHRQ   $2, DI
	MOVQ   DI, n+32(FP)
	RET
