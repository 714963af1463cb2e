// The kernels as plain C functions on OpenMP's threads. In a process with PyTorch these are PyTorch's own: it brings
// the OpenMP library that is then already loaded.

#include "batch.h"

namespace {

auto on(int64_t threads) {
  return [threads](int64_t n, const auto& f) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t k = 0; k < n; ++k) f(k);
  };
}

}  // namespace

extern "C" {

void conv1_forward(const float* images, const int64_t* index, int64_t batch, const float* weight, const float* bias,
                   float* result, uint8_t* choice, int64_t threads) {
  lenet::conv1_forward(images, index, batch, weight, bias, result, choice, on(threads));
}

void conv1_backward(const float* images, const int64_t* index, int64_t batch, const uint8_t* choice, const float* grad,
                    float* grad_weight, float* grad_bias, int64_t threads) {
  lenet::conv1_backward(images, index, batch, choice, grad, grad_weight, grad_bias, on(threads));
}

void conv2_forward(const float* images, int64_t batch, const float* weight, const float* bias, float* result,
                   uint8_t* choice, int64_t threads) {
  lenet::conv2_forward(images, batch, weight, bias, false, result, choice, on(threads));
}

void conv2_backward(const float* images, int64_t batch, const float* weight, const uint8_t* choice, const float* grad,
                    float* grad_images, float* grad_weight, float* grad_bias, int64_t threads) {
  lenet::conv2_backward(images, batch, weight, false, choice, grad, grad_images, grad_weight, grad_bias, on(threads));
}

}  // extern "C"
