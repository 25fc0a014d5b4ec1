#include "textflag.h"

// SIGNS writes the highest bits of 64 bytes, which are left in AX.
#define SIGNS(low, high, to) \
	VPMOVMSKB low, AX  \
	VPMOVMSKB high, BX \
	SHLQ      $32, BX  \
	ORQ       BX, AX   \
	MOVQ      AX, to

// func lookAVX2(to *block, data *byte, blocks int, sep, eol, quote byte) (odd uint64)
TEXT ·lookAVX2(SB), NOSPLIT, $0-40
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
	XORQ         R8, R8       // odd blocks
	MOVQ         $1, R9       // the bit of this one

next:
	VMOVDQU   (SI), Y3
	VMOVDQU   32(SI), Y4
	VPCMPEQB  Y3, Y1, Y5
	VPCMPEQB  Y4, Y1, Y6
	SIGNS(Y5, Y6, 8(DI))  // ends
	VPCMPEQB  Y3, Y0, Y7
	VPCMPEQB  Y4, Y0, Y8
	VPOR      Y5, Y7, Y7
	VPOR      Y6, Y8, Y8
	SIGNS(Y7, Y8, (DI))   // marks
	VPCMPEQB  Y3, Y2, Y5
	VPCMPEQB  Y4, Y2, Y6
	SIGNS(Y5, Y6, 16(DI)) // quotes
	MOVQ      AX, R10
	SIGNS(Y3, Y4, 24(DI)) // wide
	MOVQ      R8, R11
	ORQ       R9, R11
	ORQ       AX, R10
	CMOVQNE   R11, R8
	SHLQ      $1, R9
	TESTQ     AX, AX
	JZ        ascii
	VPCMPGTB  Y3, Y9, Y5
	VPCMPGTB  Y4, Y9, Y6
	SIGNS(Y5, Y6, 32(DI)) // tails
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
	SIGNS(Y7, Y8, 40(DI)) // rare
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
	MOVQ      R8, odd+32(FP)
	RET

// func look512(to *block, data *byte, blocks int, sep, eol, quote byte) (odd uint64)
TEXT ·look512(SB), NOSPLIT, $0-40
	MOVQ         to+0(FP), DI
	MOVQ         data+8(FP), SI
	MOVQ         blocks+16(FP), CX
	VPBROADCASTB sep+24(FP), Z0
	VPBROADCASTB eol+25(FP), Z1
	VPBROADCASTB quote+26(FP), Z2
	MOVL         $0xc0, AX
	VPBROADCASTB AX, Z9       // bytes below it, signed, continue a character
	MOVL         $0xe0, AX
	VPBROADCASTB AX, Z10      // bytes from it on begin one of three or more
	MOVL         $0xfe, AX
	VPBROADCASTB AX, Z11      // 0xc0 and 0xc1 begin none
	XORQ         R8, R8       // odd blocks
	MOVQ         $1, R9       // the bit of this one

next:
	VMOVDQU64 (SI), Z3
	VPCMPEQB  Z3, Z1, K1
	KMOVQ     K1, 8(DI)      // ends
	VPCMPEQB  Z3, Z0, K2
	KORQ      K1, K2, K2
	KMOVQ     K2, (DI)       // marks
	VPCMPEQB  Z3, Z2, K3
	KMOVQ     K3, 16(DI)     // quotes
	VPMOVB2M  Z3, K4
	KMOVQ     K4, 24(DI)     // wide
	KORTESTQ  K3, K4
	JZ        plain
	ORQ       R9, R8
	VPCMPB    $1, Z9, Z3, K5
	KMOVQ     K5, 32(DI)     // tails
	VPCMPUB   $5, Z10, Z3, K6
	VPANDQ    Z3, Z11, Z4
	VPCMPEQB  Z4, Z9, K5
	KORQ      K5, K6, K6
	KMOVQ     K6, 40(DI)     // rare
	JMP       done

plain:
	MOVQ $0, 32(DI)
	MOVQ $0, 40(DI)

done:
	SHLQ $1, R9
	ADDQ $64, SI
	ADDQ $48, DI
	DECQ CX
	JNZ  next
	VZEROUPPER
	MOVQ R8, odd+32(FP)
	RET

// LINE_ENDS writes where the line ends of the block at SI stand among all marks, from
// R9 on; R11 is how many marks are known, less one. AX are the block's marks, BX how
// many, and R10 is where they end that are written to DI. It writes the next line end
// whether there is one or not: most blocks have one or none, and which of the two is
// not to be foreseen.
#define LINE_ENDS(end) \
	MOVQ    (SI), AX         \
	MOVQ    8(SI), R12       \
	POPCNTQ R12, R13         \
	LEAQ    (R9)(R13*4), R13 \ // behind the last one
end:                         \
	BLSMSKQ R12, DX          \
	ANDQ    AX, DX           \
	POPCNTQ DX, DX           \
	ADDL    R11, DX          \
	MOVL    DX, (R9)         \
	BLSRQ   R12, R12         \
	ADDQ    $4, R9           \
	CMPQ    R9, R13          \
	JLT     end              \
	MOVQ    R13, R9          \
	POPCNTQ AX, BX           \
	LEAQ    (DI)(BX*4), R10  \ // behind the last one
	ADDL    BX, R11

// MARK writes where the next mark of AX stands.
#define MARK(to) \
	TZCNTQ AX, DX \
	BLSRQ  AX, AX \
	ADDL   R8, DX \
	MOVL   DX, to

// func marksBMI(marks, ends *uint32, of *block, blocks int, at, known uint32) (m, e int)
TEXT ·marksBMI(SB), NOSPLIT, $0-56
	MOVQ marks+0(FP), DI
	MOVQ ends+8(FP), R9
	MOVQ of+16(FP), SI
	MOVQ blocks+24(FP), CX
	MOVL at+32(FP), R8
	MOVL known+36(FP), R11
	DECL R11

block:
	LINE_ENDS(end)

eight:
	MARK((DI))
	MARK(4(DI))
	MARK(8(DI))
	MARK(12(DI))
	MARK(16(DI))
	MARK(20(DI))
	MARK(24(DI))
	MARK(28(DI))
	ADDQ   $32, DI
	CMPQ   DI, R10
	JLT    eight
	MOVQ   R10, DI
	ADDL   $64, R8
	ADDQ   $48, SI
	DECQ   CX
	JNZ    block
	SUBQ   marks+0(FP), DI
	SHRQ   $2, DI
	MOVQ   DI, m+40(FP)
	SUBQ   ends+8(FP), R9
	SHRQ   $2, R9
	MOVQ   R9, e+48(FP)
	RET

DATA bytes64<>+0(SB)/8, $0x0706050403020100
DATA bytes64<>+8(SB)/8, $0x0f0e0d0c0b0a0908
DATA bytes64<>+16(SB)/8, $0x1716151413121110
DATA bytes64<>+24(SB)/8, $0x1f1e1d1c1b1a1918
DATA bytes64<>+32(SB)/8, $0x2726252423222120
DATA bytes64<>+40(SB)/8, $0x2f2e2d2c2b2a2928
DATA bytes64<>+48(SB)/8, $0x3736353433323130
DATA bytes64<>+56(SB)/8, $0x3f3e3d3c3b3a3938
GLOBL bytes64<>(SB), RODATA|NOPTR, $64

// func marks512(marks, ends *uint32, of *block, blocks int, at, known uint32) (m, e int)
TEXT ·marks512(SB), NOSPLIT, $0-56
	MOVQ         marks+0(FP), DI
	MOVQ         ends+8(FP), R9
	MOVQ         of+16(FP), SI
	MOVQ         blocks+24(FP), CX
	MOVL         at+32(FP), AX
	VPBROADCASTD AX, Z1
	MOVL         known+36(FP), R11
	DECL         R11
	MOVL         $64, AX
	VPBROADCASTD AX, Z2
	VMOVDQU64    bytes64<>(SB), Z0

block:
	LINE_ENDS(end)

	KMOVQ        AX, K1
	VPCOMPRESSB.Z Z0, K1, Z3 // where the marks are within the block
	VPMOVZXBD    X3, Z4
	VPADDD       Z1, Z4, Z4
	VMOVDQU32    Z4, (DI)
	CMPL         BX, $16
	JGT          more

moved:
	MOVQ   R10, DI
	VPADDD Z2, Z1, Z1
	ADDQ   $48, SI
	DECQ   CX
	JNZ    block
	VZEROUPPER
	SUBQ   marks+0(FP), DI
	SHRQ   $2, DI
	MOVQ   DI, m+40(FP)
	SUBQ   ends+8(FP), R9
	SHRQ   $2, R9
	MOVQ   R9, e+48(FP)
	RET

more:
	VEXTRACTI32X4 $1, Z3, X4
	VPMOVZXBD     X4, Z4
	VPADDD        Z1, Z4, Z4
	VMOVDQU32     Z4, 64(DI)
	CMPL          BX, $32
	JLE           moved
	VEXTRACTI32X4 $2, Z3, X4
	VPMOVZXBD     X4, Z4
	VPADDD        Z1, Z4, Z4
	VMOVDQU32     Z4, 128(DI)
	VEXTRACTI32X4 $3, Z3, X4
	VPMOVZXBD     X4, Z4
	VPADDD        Z1, Z4, Z4
	VMOVDQU32     Z4, 192(DI)
	JMP           moved

// func spansEight(to *span, first *uint32, n int, marks *uint32)
TEXT ·spansEight(SB), NOSPLIT, $0-32
	MOVQ         to+0(FP), DI
	MOVQ         first+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         marks+24(FP), R8
	MOVQ         $1, AX
	VPBROADCASTQ AX, Z1
	MOVL         $0xff, AX
	KMOVB        AX, K1

eight:
	CMPQ         CX, $8
	JGE          full
	BZHIL        CX, AX, AX
	KMOVB        AX, K1

full:
	VMOVDQU32.Z  (SI), K1, Y0
	VPMOVZXDQ    Y0, Z0
	KMOVQ        K1, K2
	VPXORQ       Z2, Z2, Z2
	VPGATHERQQ   -4(R8)(Z0*4), K2, Z2 // the mark before a field, and the one behind it
	VPADDQ       Z1, Z2, Z2
	VMOVDQU64    Z2, K1, (DI)
	ADDQ         $32, SI
	ADDQ         $64, DI
	SUBQ         $8, CX
	JG           eight
	VZEROUPPER
	RET
