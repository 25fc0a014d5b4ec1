#include "textflag.h"
#include "lanes_amd64.h"

// Millionths in one unit of a number with so many decimals, as tens has them.
DATA scales<>+0(SB)/8, $1000000
DATA scales<>+8(SB)/8, $100000
DATA scales<>+16(SB)/8, $10000
DATA scales<>+24(SB)/8, $1000
DATA scales<>+32(SB)/8, $100
DATA scales<>+40(SB)/8, $10
DATA scales<>+48(SB)/8, $1
DATA scales<>+56(SB)/8, $0
GLOBL scales<>(SB), RODATA|NOPTR, $64

// Which of two vectors' lanes follow one another: 0 to 7 of values, 8 to 15 of signs.
DATA pairs<>+0(SB)/8, $0
DATA pairs<>+8(SB)/8, $8
DATA pairs<>+16(SB)/8, $1
DATA pairs<>+24(SB)/8, $9
DATA pairs<>+32(SB)/8, $2
DATA pairs<>+40(SB)/8, $10
DATA pairs<>+48(SB)/8, $3
DATA pairs<>+56(SB)/8, $11
DATA pairs<>+64(SB)/8, $4
DATA pairs<>+72(SB)/8, $12
DATA pairs<>+80(SB)/8, $5
DATA pairs<>+88(SB)/8, $13
DATA pairs<>+96(SB)/8, $6
DATA pairs<>+104(SB)/8, $14
DATA pairs<>+112(SB)/8, $7
DATA pairs<>+120(SB)/8, $15
GLOBL pairs<>(SB), RODATA|NOPTR, $128

// func quickEight(to *int64, wide *decimal128.Num, fields *span, n int, data *byte, point byte) (done int)
TEXT ·quickEight(SB), NOSPLIT, $0-56
	MOVQ         to+0(FP), DI
	MOVQ         wide+8(FP), R9
	MOVQ         fields+16(FP), SI
	MOVQ         n+24(FP), CX
	MOVQ         data+32(FP), R8
	VPBROADCASTB point+40(FP), Z31
	MOVL         $0xffffffff, BX
	VPBROADCASTQ BX, Z30
	ALL($1, Z29)
	ALL($8, Z28)
	ALL($64, Z27)
	ALL($'-', Z26)
	ALL($0xff, Z25)
	MOVL         $'0', BX
	VPBROADCASTB BX, Z24
	VPSRLQ       $56, Z24, Z23         // '0' as the first byte of each
	MOVL         $9, BX
	VPBROADCASTB BX, Z22
	MOVL         $0x010a, BX           // 10 and 1
	VPBROADCASTW BX, Z21
	MOVL         $0x00010064, BX       // 100 and 1
	VPBROADCASTD BX, Z20
	MOVL         $10000, BX
	VPBROADCASTQ BX, Z19
	ALL($7, Z18)
	MOVL         $0x01, BX
	VPBROADCASTB BX, Z17
	VMOVDQU64    scales<>+0(SB), Z16
	ALL($6, Z15)
	XORQ         AX, AX

eight:
	NEXT_EIGHT(Z30, done)
	GATHER(K1, (R8)(Z1*1), Z3)
	VPANDQ       Z25, Z3, Z3
	VPCMPEQQ     Z3, Z26, K1, K2       // negative
	VPADDQ       Z29, Z1, K2, Z1
	VPSUBQ       Z1, Z2, Z3            // digits and mark
	VPSUBQ       Z29, Z3, Z4
	VPCMPUQ      $1, Z28, Z4, K1, K4   // of 1 to 8 bytes
	GATHER(K4, -8(R8)(Z2*1), Z5)
	VPSLLQ       $3, Z3, Z3
	VPSUBQ       Z3, Z27, Z4           // bits that are not of the number
	VPSRLVQ      Z4, Z5, Z5
	VPSLLVQ      Z4, Z5, Z5
	VPSRLVQ      Z3, Z24, Z6
	VPORQ        Z6, Z5, Z5            // are zeros before it

	// Take the mark out.
	VPCMPEQB     Z5, Z31, K5
	VPMOVM2B     K5, Z6
	VPANDQ       Z17, Z6, Z6
	VPTESTMQ     Z6, Z6, K4, K6        // those with a mark
	VPXORQ       Z7, Z7, Z7
	VPSUBQ       Z6, Z7, Z8
	VPANDQ       Z8, Z6, Z6            // the lowest bit of the first
	VPSUBQ       Z29, Z6, Z8           // what is before it
	VPSLLQ       $8, Z8, Z9
	VPORQ        Z25, Z9, Z9
	VPANDNQ      Z5, Z9, Z10           // what is after it
	VPANDQ       Z8, Z5, Z11
	VPSLLQ       $8, Z11, Z11
	VPORQ        Z11, Z10, Z10
	VPORQ        Z23, Z10, K6, Z5
	VPLZCNTQ     Z6, Z8
	VPSUBQ       Z18, Z8, Z8
	VPSRLQ       $3, Z8, K6, Z7        // decimals; 0 without a mark
	VPCMPUQ      $6, Z15, Z7, K6, K5   // too many
	KANDNB       K4, K5, K4
	VPTESTNMQ    Z7, Z7, K6, K5        // none
	KANDNB       K4, K5, K4

	VPSUBB       Z24, Z5, Z5
	VPCMPUB      $6, Z22, Z5, K5       // no digits
	VPMOVM2B     K5, Z6
	VPTESTMQ     Z6, Z6, K5
	KANDNB       K4, K5, K4

	VPMADDUBSW   Z21, Z5, Z5           // two digits each
	VPMADDWD     Z20, Z5, Z5           // four
	VPMULUDQ     Z19, Z5, Z6
	VPSRLQ       $32, Z5, Z5
	VPADDQ       Z6, Z5, Z5
	VPERMQ       Z16, Z7, Z7
	VPMULUDQ     Z7, Z5, Z5
	VPXORQ       Z7, Z7, Z7
	VPSUBQ       Z5, Z7, K2, Z5

	TESTQ        DI, DI
	JZ           decimals
	VMOVDQU64    Z5, K4, (DI)(AX*8)

next:
	KMOVB        K4, BX
	CMPL         BX, DX
	JNE          stop
	ADDQ         R12, AX
	JMP          eight

decimals:
	VPSRAQ       $63, Z5, Z6
	VMOVDQU64    pairs<>+0(SB), Z7
	VPERMI2Q     Z6, Z5, Z7
	VMOVDQU64    pairs<>+64(SB), Z8
	VPERMI2Q     Z6, Z5, Z8
	MOVQ         AX, R13
	SHLQ         $4, R13
	KMOVB        K4, BX
	MOVL         $0x5555, R10
	PDEPL        R10, BX, R10
	LEAL         (R10)(R10*2), R10     // two for each
	KMOVW        R10, K5
	VMOVDQU64    Z7, K5, (R9)(R13*1)
	KSHIFTRW     $8, K5, K5
	VMOVDQU64    Z8, K5, 64(R9)(R13*1)
	JMP          next

stop:
	NOTL         BX
	TZCNTL       BX, BX
	ADDQ         BX, AX

done:
	VZEROUPPER
	MOVQ         AX, done+48(FP)
	RET
