// The kernels as custom calls of XLA, on XLA's own threads (docs.jax.dev/en/latest/ffi.html).

#include <atomic>
#include <memory>
#include <thread>

#include "batch.h"
#include "xla/ffi/api/ffi.h"

namespace ffi = xla::ffi;

namespace {

using Floats = ffi::Buffer<ffi::F32>;
using Choices = ffi::Buffer<ffi::U8>;
using Indices = ffi::Buffer<ffi::S32>;
template <typename Buffer>
using Out = ffi::Result<Buffer>;

// The calling thread takes chunks itself and waits only for those that another thread has begun: waiting for one that
// is merely scheduled could be for ever, as this thread may be the last of the pool.
auto on(ffi::ThreadPool& pool) {
  return [&pool](int64_t n, const auto& f) {
    struct Shared {
      std::atomic<int64_t> next{0}, done{0};
    };
    const auto shared = std::make_shared<Shared>();  // a thread that comes too late finds it still there
    const auto work = [shared, n, &f] {
      for (int64_t k; (k = shared->next.fetch_add(1)) < n; shared->done.fetch_add(1)) f(k);
    };
    const int64_t helpers = std::min(pool.num_threads(), n) - 1;
    for (int64_t k = 0; k < helpers; ++k) pool.Schedule([work] { work(); });
    work();
    while (shared->done.load() < n) std::this_thread::yield();
  };
}

ffi::Error conv1_forward(ffi::ThreadPool pool, Floats images, Indices index, Floats weight, Floats bias,
                         Out<Floats> result, Out<Choices> choice) {
  lenet::conv1_forward(images.typed_data(), index.typed_data(), index.element_count(), weight.typed_data(),
                       bias.typed_data(), result->typed_data(), choice->typed_data(), on(pool));
  return ffi::Error::Success();
}

ffi::Error conv1_backward(ffi::ThreadPool pool, Floats images, Indices index, Choices choice, Floats grad,
                          Out<Floats> grad_weight, Out<Floats> grad_bias) {
  lenet::conv1_backward(images.typed_data(), index.typed_data(), index.element_count(), choice.typed_data(),
                        grad.typed_data(), grad_weight->typed_data(), grad_bias->typed_data(), on(pool));
  return ffi::Error::Success();
}

ffi::Error conv2_forward(ffi::ThreadPool pool, Floats images, Floats weight, Floats bias, Out<Floats> result,
                         Out<Choices> choice) {
  lenet::conv2_forward(images.typed_data(), images.dimensions()[0], weight.typed_data(), bias.typed_data(), true,
                       result->typed_data(), choice->typed_data(), on(pool));
  return ffi::Error::Success();
}

ffi::Error conv2_backward(ffi::ThreadPool pool, Floats images, Floats weight, Choices choice, Floats grad,
                          Out<Floats> grad_images, Out<Floats> grad_weight, Out<Floats> grad_bias) {
  lenet::conv2_backward(images.typed_data(), images.dimensions()[0], weight.typed_data(), true, choice.typed_data(),
                        grad.typed_data(), grad_images->typed_data(), grad_weight->typed_data(),
                        grad_bias->typed_data(), on(pool));
  return ffi::Error::Success();
}

}  // namespace

XLA_FFI_DEFINE_HANDLER_SYMBOL(Conv1Forward, conv1_forward,
                              ffi::Ffi::Bind()
                                  .Ctx<ffi::ThreadPool>()
                                  .Arg<Floats>()
                                  .Arg<Indices>()
                                  .Arg<Floats>()
                                  .Arg<Floats>()
                                  .Ret<Floats>()
                                  .Ret<Choices>());

XLA_FFI_DEFINE_HANDLER_SYMBOL(Conv1Backward, conv1_backward,
                              ffi::Ffi::Bind()
                                  .Ctx<ffi::ThreadPool>()
                                  .Arg<Floats>()
                                  .Arg<Indices>()
                                  .Arg<Choices>()
                                  .Arg<Floats>()
                                  .Ret<Floats>()
                                  .Ret<Floats>());

XLA_FFI_DEFINE_HANDLER_SYMBOL(Conv2Forward, conv2_forward,
                              ffi::Ffi::Bind()
                                  .Ctx<ffi::ThreadPool>()
                                  .Arg<Floats>()
                                  .Arg<Floats>()
                                  .Arg<Floats>()
                                  .Ret<Floats>()
                                  .Ret<Choices>());

XLA_FFI_DEFINE_HANDLER_SYMBOL(Conv2Backward, conv2_backward,
                              ffi::Ffi::Bind()
                                  .Ctx<ffi::ThreadPool>()
                                  .Arg<Floats>()
                                  .Arg<Floats>()
                                  .Arg<Choices>()
                                  .Arg<Floats>()
                                  .Ret<Floats>()
                                  .Ret<Floats>()
                                  .Ret<Floats>());
