// The kernels over a batch, in parallel: what each framework's binding calls.
//
// A batch is cut into at most CHUNKS parts of neighbouring images, whatever the number of threads, and the parts'
// gradients are added in order: so a result does not depend on how many threads there are, or on which was faster.
// `parallel(n, f)` is the framework's own way to call f(0) ... f(n - 1) on its threads and to wait for them.

#pragma once

#include <algorithm>
#include <vector>

#include "conv_relu_pool.h"

namespace lenet {

constexpr int64_t CHUNKS = 16;

// Call each(image, chunk) for every image of a batch; those of one chunk in order, on one thread.
template <typename Parallel, typename Each>
void for_each_image(int64_t batch, const Parallel& parallel, const Each& each) {
  const int64_t chunks = std::min(CHUNKS, batch);
  parallel(chunks, [&](int64_t chunk) {
    for (int64_t n = batch * chunk / chunks; n < batch * (chunk + 1) / chunks; ++n) each(n, chunk);
  });
}

// Gradients of a layer's weight, in lanes, and bias, by chunk.
template <typename Layer>
class Partial {
 public:
  float* weight(int64_t chunk) { return of_chunk.data() + chunk * SIZE; }
  float* bias(int64_t chunk) { return weight(chunk) + Layer::LANES_OF_WEIGHT; }

  void sum(float* grad_weight, float* grad_bias) {
    for (int64_t chunk = 1; chunk < CHUNKS; ++chunk)
      for (int k = 0; k < SIZE; ++k) of_chunk[k] += weight(chunk)[k];
    Layer::unpack(weight(0), grad_weight);
    std::copy_n(bias(0), Layer::OUT, grad_bias);
  }

 private:
  static constexpr int SIZE = Layer::LANES_OF_WEIGHT + Layer::OUT;
  std::vector<float> of_chunk = std::vector<float>(CHUNKS * SIZE);
};

// images (N, 3, 32, 32), of which `index` (batch) are the batch -> result and choice (batch, 14, 14, 6)
template <typename Index, typename Parallel>
void conv1_forward(const float* images, const Index* index, int64_t batch, const float* weight, const float* bias,
                   float* result, uint8_t* choice, const Parallel& parallel) {
  const auto image = [=](int64_t n) { return images + index[std::min(n, batch - 1)] * Conv1::IMAGE; };
  for_each_image(batch, parallel, [&](int64_t n, int64_t) {
    Conv1::forward(image(n), image(n + 1), weight, bias, result + n * Conv1::RESULT, choice + n * Conv1::RESULT);
  });
}

template <typename Index, typename Parallel>
void conv1_backward(const float* images, const Index* index, int64_t batch, const uint8_t* choice, const float* grad,
                    float* grad_weight, float* grad_bias, const Parallel& parallel) {
  const auto image = [=](int64_t n) { return images + index[std::min(n, batch - 1)] * Conv1::IMAGE; };
  Partial<Conv1> partial;
  for_each_image(batch, parallel, [&](int64_t n, int64_t chunk) {
    Conv1::backward(image(n), image(n + 1), choice + n * Conv1::RESULT, grad + n * Conv1::RESULT,
                    partial.weight(chunk), partial.bias(chunk));
  });
  partial.sum(grad_weight, grad_bias);
}

// images (batch, 14, 14, 6) -> result and choice, (batch, 5, 5, 16) where channels come last, else (batch, 16, 5, 5)
template <typename Parallel>
void conv2_forward(const float* images, int64_t batch, const float* weight, const float* bias, bool channels_last,
                   float* result, uint8_t* choice, const Parallel& parallel) {
  const Conv2::ByOutput by_output(weight);
  const Conv2::Layout layout(channels_last);
  for_each_image(batch, parallel, [&](int64_t n, int64_t) {
    Conv2::forward(images + n * Conv2::IMAGE, by_output, bias, layout, result + n * Conv2::RESULT,
                   choice + n * Conv2::RESULT);
  });
}

template <typename Parallel>
void conv2_backward(const float* images, int64_t batch, const float* weight, bool channels_last, const uint8_t* choice,
                    const float* grad, float* grad_images, float* grad_weight, float* grad_bias,
                    const Parallel& parallel) {
  const Conv2::ByWindow by_window(weight);
  const Conv2::Layout layout(channels_last);
  Partial<Conv2> partial;
  for_each_image(batch, parallel, [&](int64_t n, int64_t chunk) {
    Conv2::backward(images + n * Conv2::IMAGE, by_window, choice + n * Conv2::RESULT, grad + n * Conv2::RESULT, layout,
                    grad_images + n * Conv2::IMAGE, partial.weight(chunk), partial.bias(chunk));
  });
  partial.sum(grad_weight, grad_bias);
}

}  // namespace lenet
