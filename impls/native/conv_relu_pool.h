// LeNet's two layers of convolution, ReLU and 2x2 max-pool, forward and backward, for one image on a CPU.
//
// Frameworks spend most of a training step here: their convolutions are made for many channels and not for 3 or 6,
// and between layers they write whole tensors to memory only to read them once more. These kernels keep a pooled row
// in registers from the first product to the pooled maximum, and skip what backpropagation need not compute:
//
//      convolution          ReLU and max-pool     gradient going back
//     +---+---+---+---+        +---+---+          +---+---+---+---+      Of every 2x2 outputs of the convolution one
//     |  .| 3 |-1 |-2 |        | 3 | 0 |          | 0 | g |   |   |      at most has a gradient: the first maximum,
//     +---+---+---+---+   -->  +---+---+   -->    +---+---+---+---+      if positive. `choice` is its place, 0 to 3 in
//     | 1 | 2 |-7 |-5 |        choice 1, OFF      | 0 | 0 |   |   |      row-major order, or OFF. So a backward pass
//     +---+---+---+---+                           +---+---+---+---+      costs a quarter of a dense one.
//
// This is the same mathematics as a dense gradient: what is left out are products with zeros.
//
// Vectors of 16 floats are GCC's and Clang's vector extensions, which compile for any processor; one with AVX-512 has
// registers of this size. What the 16 lanes are is chosen so that (nearly) all of them are of use:
//
//     conv1 forward    output columns: 28 of 32, as two overlapping vectors
//     conv1 backward   one row of a kernel, 5 columns x 3 channels: 15 of 16
//     conv2 forward    output channels: 16 of 16
//     conv2 backward   weights: one row of a kernel, 5 columns x 6 channels: 30 of 32
//                      inputs: one row of the 6x6 inputs that a pooled output depends on, x 6 channels: 36 of 48
//
// All arrays are C-contiguous float32 unless said otherwise; weights are in canonical layout (out, in, 5, 5). Gradients
// of weights are added up over images as the lanes hold them, and brought into canonical layout once, by `unpack`.

#pragma once

#include <cstdint>
#include <cstring>

namespace lenet {

typedef float floats __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(64)));

constexpr int LANES = 16;
constexpr int KERNEL = 5;
constexpr uint8_t OFF = 4;

// Compiled once and by itself: inlined into a caller's loop, GCC no longer keeps the sums in registers.
#define KERNEL_FUNCTION __attribute__((noinline))

inline floats load(const float* from) {
  floats value;
  std::memcpy(&value, from, sizeof value);  // any alignment
  return value;
}

inline void store(float* to, floats value) { std::memcpy(to, &value, sizeof value); }

inline void add(float* to, floats value) { store(to, load(to) + value); }

// A weight's place in canonical layout, from that in (out, 5, 5, in): `oi` counts rows of kernels, `jc` within a row.
template <int IN>
float& canonical(float* weight, int oi, int jc) {
  const int o = oi / KERNEL, i = oi % KERNEL, j = jc / IN, c = jc % IN;
  return weight[((o * IN + c) * KERNEL + i) * KERNEL + j];
}

// The pooled outputs and choices of 16 pooling windows, whose four values are given in row-major order.
struct Pooled {
  float value[LANES];
  int32_t choice[LANES];

  Pooled(floats v00, floats v01, floats v10, floats v11) {
    // Only a greater value takes the place of an earlier one: the first of equals wins.
    const floats top = v01 > v00 ? v01 : v00, bottom = v11 > v10 ? v11 : v10;
    const floats max = bottom > top ? bottom : top;
    const ints place = bottom > top ? 2 + ((v11 > v10) & 1) : (v01 > v00) & 1;
    store(value, max <= 0.f ? floats{} : max);  // so written, NaN stays NaN
    const ints routed = max <= 0.f ? ints{} + OFF : place;
    std::memcpy(choice, &routed, sizeof choice);
  }
};

struct Conv1 {
  static constexpr int IN = 3, SIZE = 32, OUT = 6, POOLED = 14;
  static constexpr int IMAGE = IN * SIZE * SIZE, RESULT = POOLED * POOLED * OUT, WEIGHT = OUT * IN * KERNEL * KERNEL;
  static constexpr int SPAN = KERNEL * IN;  // floats of a row of the kernel, channels last
  static constexpr int LANES_OF_WEIGHT = OUT * KERNEL * LANES;

  // image (3, 32, 32) -> result and choice (14, 14, 6). Images of a shuffled batch lie anywhere in memory: `next` is
  // the one to call up meanwhile.
  KERNEL_FUNCTION static void forward(const float* image, const float* next, const float* weight, const float* bias,
                                      float* result, uint8_t* choice) {
    for (int row = 0; row < POOLED; ++row) {
      call_up(next, row);
      // Two rows of 28 outputs in 24 of 32 registers: columns 0 to 15 and 12 to 27.
      floats sum[2][OUT][2];
#pragma GCC unroll 6
      for (int o = 0; o < OUT; ++o)
#pragma GCC unroll 4
        for (int k = 0; k < 4; ++k) sum[k / 2][o][k % 2] = floats{} + bias[o];
      for (int c = 0; c < IN; ++c)
        for (int i = 0; i < KERNEL; ++i) {
          const float* upper = image + (c * SIZE + 2 * row + i) * SIZE;
          const float* lower = upper + SIZE;
#pragma GCC unroll 1
          for (int j = 0; j < KERNEL; ++j) {
            const floats in[2][2] = {{load(upper + j), load(upper + j + 12)}, {load(lower + j), load(lower + j + 12)}};
#pragma GCC unroll 6
            for (int o = 0; o < OUT; ++o) {
              const float w = weight[((o * IN + c) * KERNEL + i) * KERNEL + j];
              sum[0][o][0] += w * in[0][0];
              sum[0][o][1] += w * in[0][1];
              sum[1][o][0] += w * in[1][0];
              sum[1][o][1] += w * in[1][1];
            }
          }
        }
#pragma GCC unroll 6
      for (int o = 0; o < OUT; ++o) {
        float columns[2][2 * LANES] = {};
#pragma GCC unroll 2
        for (int r = 0; r < 2; ++r) {
          store(columns[r], sum[r][o][0]);
          store(columns[r] + 12, sum[r][o][1]);
        }
        const Pooled pooled(even(columns[0]), odd(columns[0]), even(columns[1]), odd(columns[1]));
        for (int column = 0; column < POOLED; ++column) {
          result[(row * POOLED + column) * OUT + o] = pooled.value[column];
          choice[(row * POOLED + column) * OUT + o] = static_cast<uint8_t>(pooled.choice[column]);
        }
      }
    }
  }

  // Adds to the gradients of weight, in lanes, and bias; an image needs none.
  KERNEL_FUNCTION static void backward(const float* image, const float* next, const uint8_t* choice, const float* grad,
                                       float* lanes_of_weight, float* grad_bias) {
    float pixels[SIZE * SIZE * IN + 1];  // channels last; a load of 16 reads one more than 15
    for (int c = 0; c < IN; ++c)
      for (int at = 0; at < SIZE * SIZE; ++at) pixels[at * IN + c] = image[c * SIZE * SIZE + at];
    pixels[SIZE * SIZE * IN] = 0;
    float g[RESULT];
    int window[RESULT];  // of the pixels under the output that has the gradient
    for (int row = 0; row < POOLED; ++row) {
      call_up(next, row);
      for (int column = 0; column < POOLED; ++column)
        for (int o = 0; o < OUT; ++o) {
          const int at = (row * POOLED + column) * OUT + o, place = choice[at] & 3;
          g[at] = choice[at] == OFF ? 0 : grad[at];  // 0 and no branch below: which are OFF cannot be predicted
          window[at] = ((2 * row + (place >> 1)) * SIZE + 2 * column + (place & 1)) * IN;
        }
    }
    for (int o = 0; o < OUT; ++o) {
      floats sum[2][KERNEL] = {};  // two, so that one addition need not wait for the one before it
      float bias = 0;
      for (int at = o; at < RESULT; at += 2 * OUT) {
        bias += g[at] + g[at + OUT];
#pragma GCC unroll 5
        for (int i = 0; i < KERNEL; ++i) {
          sum[0][i] += g[at] * load(pixels + window[at] + i * SIZE * IN);
          sum[1][i] += g[at + OUT] * load(pixels + window[at + OUT] + i * SIZE * IN);
        }
      }
      grad_bias[o] += bias;
      for (int i = 0; i < KERNEL; ++i) add(lanes_of_weight + (o * KERNEL + i) * LANES, sum[0][i] + sum[1][i]);
    }
  }

  static void unpack(const float* lanes_of_weight, float* grad_weight) {
    for (int oi = 0; oi < OUT * KERNEL; ++oi)
      for (int jc = 0; jc < SPAN; ++jc) canonical<IN>(grad_weight, oi, jc) = lanes_of_weight[oi * LANES + jc];
  }

 private:
  static void call_up(const float* image, int row) {
    for (int line = row; line < IMAGE / LANES; line += POOLED) __builtin_prefetch(image + line * LANES);
  }
  static floats even(const float* columns) {
    return __builtin_shufflevector(load(columns), load(columns + LANES), 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24,
                                   26, 28, 30);
  }
  static floats odd(const float* columns) {
    return __builtin_shufflevector(load(columns), load(columns + LANES), 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25,
                                   27, 29, 31);
  }
};

struct Conv2 {
  static constexpr int IN = 6, SIZE = 14, OUT = 16, POOLED = 5;
  static constexpr int IMAGE = SIZE * SIZE * IN, RESULT = POOLED * POOLED * OUT, WEIGHT = OUT * IN * KERNEL * KERNEL;
  static constexpr int ROW = SIZE * IN;       // floats from a row of inputs to the next
  static constexpr int SPAN = KERNEL * IN;    // floats of a row of the kernel, channels last
  static constexpr int SECOND = SPAN - LANES;  // a row's second vector ends where the row does
  static constexpr int LANES_OF_WEIGHT = OUT * KERNEL * 2 * LANES;
  static_assert(OUT == LANES);

  // Weights as `forward` reads them: (5, 5, 6, 16), the output channels of one weight side by side.
  struct ByOutput {
    alignas(64) float at[KERNEL * SPAN][OUT];

    explicit ByOutput(const float* weight) {
      for (int o = 0; o < OUT; ++o)
        for (int c = 0; c < IN; ++c)
          for (int ij = 0; ij < KERNEL * KERNEL; ++ij)
            at[ij * IN + c][o] = weight[(o * IN + c) * KERNEL * KERNEL + ij];
    }
  };

  // Weights as `backward` reads them: for an output in the left or right column of its pooling window, five rows of
  // (6 columns, 6 channels) between two rows of zeros. Beginning at row 1 (or 0), its first six rows are what an output
  // in the window's upper (or lower) row adds to the gradient of the 6x6 inputs under the window.
  struct ByWindow {
    static constexpr int WIDTH = 3 * LANES;
    alignas(64) float at[OUT][2][KERNEL + 2][WIDTH] = {};

    explicit ByWindow(const float* weight) {
      for (int o = 0; o < OUT; ++o)
        for (int c = 0; c < IN; ++c)
          for (int i = 0; i < KERNEL; ++i)
            for (int j = 0; j < KERNEL; ++j)
              for (int right = 0; right < 2; ++right)
                at[o][right][i + 1][(j + right) * IN + c] = weight[((o * IN + c) * KERNEL + i) * KERNEL + j];
    }

    const float* rows(int o, int place) const { return at[o][place & 1][1 - (place >> 1)]; }
  };

  // Where a result goes: (5, 5, 16) as it comes, or (16, 5, 5), the order in which the canonical fc1 expects it.
  struct Layout {
    int pixel, channel;  // floats from one to the next

    explicit Layout(bool channels_last)
        : pixel(channels_last ? OUT : 1), channel(channels_last ? 1 : POOLED * POOLED) {}
    int of(int at, int o) const { return at * pixel + o * channel; }
  };

  // image (14, 14, 6) -> result and choice, in `layout`
  KERNEL_FUNCTION static void forward(const float* image, const ByOutput& weight, const float* bias, Layout layout,
                                      float* result, uint8_t* choice) {
    for (int row = 0; row < POOLED; ++row) {
      constexpr int COLUMNS = 2 * POOLED;
      floats sum[2][COLUMNS];
#pragma GCC unroll 20
      for (int k = 0; k < 2 * COLUMNS; ++k) sum[k / COLUMNS][k % COLUMNS] = load(bias);
      for (int i = 0; i < KERNEL; ++i)
#pragma GCC unroll 1
        for (int jc = 0; jc < SPAN; ++jc) {
          const floats w = load(weight.at[i * SPAN + jc]);
          const float* in = image + (2 * row + i) * ROW + jc;
#pragma GCC unroll 10
          for (int column = 0; column < COLUMNS; ++column) {
            sum[0][column] += in[column * IN] * w;
            sum[1][column] += in[column * IN + ROW] * w;
          }
        }
#pragma GCC unroll 5
      for (int column = 0; column < POOLED; ++column) {
        const int left = 2 * column;
        const Pooled pooled(sum[0][left], sum[0][left + 1], sum[1][left], sum[1][left + 1]);
        for (int o = 0; o < OUT; ++o) {
          result[layout.of(row * POOLED + column, o)] = pooled.value[o];
          choice[layout.of(row * POOLED + column, o)] = static_cast<uint8_t>(pooled.choice[o]);
        }
      }
    }
  }

  // Writes the gradient of image (14, 14, 6) and adds to those of weight, in lanes, and bias; `grad` and `choice` are
  // in `layout`.
  KERNEL_FUNCTION static void backward(const float* image, const ByWindow& weight, const uint8_t* choice,
                                       const float* grad, Layout layout, float* grad_image, float* lanes_of_weight,
                                       float* grad_bias) {
    float g[OUT][POOLED * POOLED];
    int place[OUT][POOLED * POOLED];
    for (int o = 0; o < OUT; ++o)
      for (int at = 0; at < POOLED * POOLED; ++at) {
        g[o][at] = choice[layout.of(at, o)] == OFF ? 0 : grad[layout.of(at, o)];
        place[o][at] = choice[layout.of(at, o)] & 3;
      }

    float inputs[IMAGE + LANES] = {};  // a row of 48 floats reaches 12 beyond its 36
    for (int at = 0; at < POOLED * POOLED; ++at) {
      constexpr int ROWS = KERNEL + 1, VECTORS = ByWindow::WIDTH / LANES;
      floats sum[ROWS][VECTORS] = {};
      for (int o = 0; o < OUT; ++o) {
        const float* rows = weight.rows(o, place[o][at]);
#pragma GCC unroll 6
        for (int i = 0; i < ROWS; ++i)
#pragma GCC unroll 3
          for (int v = 0; v < VECTORS; ++v) sum[i][v] += g[o][at] * load(rows + i * ByWindow::WIDTH + v * LANES);
      }
      float* corner = inputs + 2 * (at / POOLED) * ROW + 2 * (at % POOLED) * IN;
      for (int i = 0; i < ROWS; ++i)
        for (int v = 0; v < VECTORS; ++v) add(corner + i * ROW + v * LANES, sum[i][v]);
    }
    std::memcpy(grad_image, inputs, IMAGE * sizeof(float));

    for (int o = 0; o < OUT; ++o) {
      floats sum[KERNEL][2] = {};
      float bias = 0;
      for (int at = 0; at < POOLED * POOLED; ++at) {
        const int row = 2 * (at / POOLED) + (place[o][at] >> 1), column = 2 * (at % POOLED) + (place[o][at] & 1);
        const float* window = image + row * ROW + column * IN;
        bias += g[o][at];
#pragma GCC unroll 5
        for (int i = 0; i < KERNEL; ++i) {
          sum[i][0] += g[o][at] * load(window + i * ROW);
          sum[i][1] += g[o][at] * load(window + i * ROW + SECOND);
        }
      }
      grad_bias[o] += bias;
      for (int i = 0; i < KERNEL; ++i)
        for (int v = 0; v < 2; ++v) add(lanes_of_weight + ((o * KERNEL + i) * 2 + v) * LANES, sum[i][v]);
    }
  }

  static void unpack(const float* lanes_of_weight, float* grad_weight) {
    for (int oi = 0; oi < OUT * KERNEL; ++oi)
      for (int jc = 0; jc < SPAN; ++jc) {
        const int lane = jc < LANES ? jc : LANES + jc - SECOND;
        canonical<IN>(grad_weight, oi, jc) = lanes_of_weight[oi * 2 * LANES + lane];
      }
  }
};

}  // namespace lenet
