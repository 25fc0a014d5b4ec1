#include "go_asm.h"
#include "textflag.h"
#include "lanes_amd64.h"

// What the vectors hold, one spelling in each of eight lanes:
//
//	Z1  where it begins     Z5  its first bytes      Z10  the eight after the first
//	Z2  where it ends       Z6  its last bytes       Z11  the eight before the last
//	Z3  its length          Z8  its slot, times 4
//
// Z30, Z31 and Z24 hold in all lanes what Z3, Z5 and Z6 had in the last one of the
// eight before: in many columns the same stands in row after row.

// func numberEight(ids *uint32, fields *span, n int, data *byte, slots *slot, shift uint64, raw *byte) (done int, empty bool)
TEXT ·numberEight(SB), NOSPLIT, $0-65
	MOVQ         ids+0(FP), DI
	MOVQ         fields+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         data+24(FP), R8
	MOVQ         slots+32(FP), R9
	MOVQ         shift+40(FP), BX
	VMOVQ        BX, X27
	MOVQ         raw+48(FP), R10
	MOVQ         $64, R11
	SUBQ         BX, R11
	MOVQ         $4, R12
	SHLXQ        R11, R12, R12
	DECQ         R12
	VPBROADCASTQ R12, Z28              // 4 times the number of slots, less 1
	ALL($4, Z29)
	ALL($8, Z16)
	ALL($16, Z26)
	ALL($32, Z25)
	MOVL         $0xffffffff, BX
	VPBROADCASTQ BX, Z22
	ALL($const_hash1, Z17)
	ALL($const_hash2, Z18)
	ALL($const_hash3, Z19)
	ALL($const_hash4, Z20)
	ALL($const_hash5, Z21)
	VPTERNLOGD   $0xff, Z23, Z23, Z23  // const_noName
	VMOVDQU64    Z23, Z30              // no length
	KXORB        K0, K0, K0            // not 0 once a field was empty
	XORQ         AX, AX

eight:
	NEXT_EIGHT(Z22, done)
	VPSUBQ       Z1, Z2, Z3
	VPTESTNMQ    Z3, Z3, K1, K7        // those found: empty ones
	KORB         K7, K0, K0
	VMOVDQU32    Y23, K7, (DI)(AX*4)
	VPCMPUQ      $2, Z25, Z3, K1, K2
	KANDNB       K2, K7, K2            // those of 1 to 32 bytes
	KORTESTB     K2, K2
	JZ           next

	GATHER(K2, (R8)(Z1*1), Z5)
	GATHER(K2, -8(R8)(Z2*1), Z6)
	VPMINUQ      Z16, Z3, Z7
	VPSUBQ       Z7, Z16, Z7
	VPSLLQ       $3, Z7, Z7            // bits that are not of the spelling
	VPSLLVQ      Z7, Z5, Z5
	VPSRLVQ      Z7, Z5, Z5
	VPSRLVQ      Z7, Z6, Z6
	VPCMPUQ      $6, Z26, Z3, K2, K4   // those above 16
	VPCMPEQQ     Z3, Z30, K2, K5
	VPCMPEQQ     Z5, Z31, K5, K5
	VPCMPEQQ     Z6, Z24, K5, K5
	KANDNB       K5, K4, K5
	KXORB        K5, K1, K5
	KORTESTB     K5, K5
	JZ           same
	VPXORQ       Z3, Z5, Z8
	VPMULLQ      Z17, Z8, Z8
	VPMULLQ      Z18, Z6, Z9
	VPADDQ       Z9, Z8, Z8
	KORTESTB     K4, K4
	JZ           hashed
	GATHER(K4, 8(R8)(Z1*1), Z10)
	GATHER(K4, -16(R8)(Z2*1), Z11)
	VPMULLQ      Z19, Z10, Z9
	VPADDQ       Z9, Z8, Z8
	VPMULLQ      Z20, Z11, Z9
	VPADDQ       Z9, Z8, Z8

hashed:
	VPSRLQ       $32, Z8, Z9
	VPXORQ       Z9, Z8, Z8
	VPMULLQ      Z21, Z8, Z8
	VPSRLQ       X27, Z8, Z8
	VPSLLQ       $2, Z8, Z8
	MOVL         $4, R13               // slots that are looked at

slot:
	GATHER(K2, (R9)(Z8*8), Z12)
	GATHER(K2, 8(R9)(Z8*8), Z13)
	GATHER(K2, 16(R9)(Z8*8), Z14)
	GATHER(K2, 24(R9)(Z8*8), Z15)
	VPCMPEQQ     Z12, Z5, K2, K5
	VPCMPEQQ     Z13, Z6, K5, K5
	VPSRLQ       $32, Z14, Z9
	VPCMPEQQ     Z9, Z3, K5, K5
	KANDB        K4, K5, K6            // long ones whose ends are the same
	KORTESTB     K6, K6
	JZ           found
	VPANDQ       Z22, Z14, Z14
	GATHER(K6, 8(R10)(Z14*1), Z12)
	VPADDQ       Z3, Z14, Z14
	GATHER(K6, -16(R10)(Z14*1), Z13)
	VPCMPEQQ     Z12, Z10, K6, K3
	VPCMPEQQ     Z13, Z11, K3, K3
	KXORB        K3, K6, K6            // but not the rest
	KANDNB       K5, K6, K5

found:
	VPMOVQD      Z15, Y15
	VMOVDQU32    Y15, K5, (DI)(AX*4)
	KORB         K5, K7, K7
	KANDNB       K2, K5, K2
	KORTESTB     K2, K2
	JZ           next
	VPADDQ       Z29, Z8, Z8
	VPANDQ       Z28, Z8, Z8
	DECL         R13
	JNZ          slot

next:
	KMOVB        K7, BX
	CMPL         BX, DX
	JNE          stop
	VPADDQ       Z23, Z16, Z0          // 7
	VPERMQ       Z3, Z0, Z30
	VPERMQ       Z5, Z0, Z31
	VPERMQ       Z6, Z0, Z24

another:
	ADDQ         R12, AX
	JMP          eight

same:
	VPBROADCASTD -4(DI)(AX*4), Y15
	VMOVDQU32    Y15, K1, (DI)(AX*4)
	JMP          another

stop:
	NOTL         BX
	TZCNTL       BX, BX
	ADDQ         BX, AX

done:
	VZEROUPPER
	MOVQ         AX, done+56(FP)
	KORTESTB     K0, K0
	SETNE        empty+64(FP)
	RET
