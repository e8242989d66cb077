using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Torch.Optimization;

/// <summary>
/// The operations of an optimizer on all its tensors, each in one pass: libtorch's arithmetic in the same order, so that results
/// are equal except for the last bit. Results do not depend on the number of threads.
/// </summary>
internal static class FusedOptimizerKernels
{
    private static readonly int Width = Vector512<float>.Count;

    /// <summary>Computes the Euclidean norm of all values; NaN or infinite if a value is.</summary>
    public static double Norm(TensorList tensors)
    {
        double[] squares = new double[tensors.ChunkCount];
        tensors.Run(chunk => squares[chunk] = SumOfSquares(tensors[chunk]));
        return Math.Sqrt(squares.Sum());
    }

    /// <summary>Multiplies all values.</summary>
    public static void Scale(TensorList tensors, double factor)
    {
        Vector512<float> by = Vector512.Create((float)factor);
        tensors.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (chunk) =>
        {
            Span<float> x = tensors[chunk];
            int i = 0;
            for (; i <= x.Length - Width; i += Width)
            {
                (Vector512.LoadUnsafe(ref x[i]) * by).StoreUnsafe(ref x[i]);
            }

            for (; i < x.Length; i++)
            {
                x[i] *= by[0];
            }
        });
    }

    /// <summary>Moves averages toward their sources: <c>a + w·(s − a)</c>, as <c>lerp_</c>.</summary>
    public static void Lerp(TensorList averages, TensorList sources, double weight)
    {
        averages.RequireSameSizes(sources);
        (float w, float rest) = ((float)weight, 1 - (float)weight);
        bool near = w < 0.5f; // libtorch interpolates from the nearer end
        averages.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (chunk) =>
        {
            Span<float> a = averages[chunk];
            Span<float> s = sources[chunk];
            int i = 0;
            for (; i <= a.Length - Width; i += Width)
            {
                Vector512<float> from = Vector512.LoadUnsafe(ref a[i]);
                Vector512<float> to = Vector512.LoadUnsafe(ref s[i]);
                (near ? from + ((to - from) * w) : to - ((to - from) * rest)).StoreUnsafe(ref a[i]);
            }

            for (; i < a.Length; i++)
            {
                a[i] = near ? a[i] + ((s[i] - a[i]) * w) : s[i] - ((s[i] - a[i]) * rest);
            }
        });
    }

    /// <summary>Performs a step of SGD with momentum, as <c>torch.optim.SGD</c>.</summary>
    /// <param name="parameters">The parameters, which are updated.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="momenta">Their momenta, which are updated; null for none.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="momentum">Decay of the momenta.</param>
    public static void Sgd(TensorList parameters, TensorList gradients, TensorList? momenta, double rate, double decay, double momentum)
    {
        parameters.RequireSameSizes(gradients);
        momenta?.RequireSameSizes(parameters);
        (float r, float d, float m) = ((float)rate, (float)decay, (float)momentum);
        parameters.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (chunk) =>
        {
            Span<float> p = parameters[chunk];
            Span<float> g = gradients[chunk];
            Span<float> b = momenta is null ? [] : momenta[chunk];
            int i = 0;
            for (; i <= p.Length - Width; i += Width)
            {
                Vector512<float> weight = Vector512.LoadUnsafe(ref p[i]);
                Vector512<float> step = Vector512.LoadUnsafe(ref g[i]) + (weight * d);
                if (b.Length > 0)
                {
                    step += Vector512.LoadUnsafe(ref b[i]) * m;
                    step.StoreUnsafe(ref b[i]);
                }

                (weight - (step * r)).StoreUnsafe(ref p[i]);
            }

            for (; i < p.Length; i++)
            {
                float step = g[i] + (p[i] * d);
                if (b.Length > 0)
                {
                    b[i] = step += b[i] * m;
                }

                p[i] -= step * r;
            }
        });
    }

    /// <summary>Performs a step of AdamW, as <c>torch.optim.AdamW</c>.</summary>
    /// <param name="parameters">The parameters, which are updated.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="means">Running means of the gradients, which are updated.</param>
    /// <param name="squares">Running means of their squares, which are updated.</param>
    /// <param name="step">Settings of the step.</param>
    public static void AdamW(TensorList parameters, TensorList gradients, TensorList means, TensorList squares, AdamWStep step)
    {
        parameters.RequireSameSizes(gradients);
        parameters.RequireSameSizes(means);
        parameters.RequireSameSizes(squares);
        (float beta1, float beta2) = ((float)step.Beta1, (float)step.Beta2);
        (float fresh1, float fresh2) = ((float)(1 - step.Beta1), (float)(1 - step.Beta2));
        float retain = (float)(1 - (step.LearningRate * step.WeightDecay));
        float root = (float)Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step));
        float rate = (float)(step.LearningRate / (1 - Math.Pow(step.Beta1, step.Step)));
        float epsilon = (float)step.Epsilon;
        parameters.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (chunk) =>
        {
            Span<float> p = parameters[chunk];
            Span<float> g = gradients[chunk];
            Span<float> m = means[chunk];
            Span<float> v = squares[chunk];
            Vector512<float> roots = Vector512.Create(root);
            Vector512<float> small = Vector512.Create(epsilon);
            int i = 0;
            for (; i <= p.Length - Width; i += Width)
            {
                Vector512<float> gradient = Vector512.LoadUnsafe(ref g[i]);
                Vector512<float> mean = (Vector512.LoadUnsafe(ref m[i]) * beta1) + (gradient * fresh1);
                Vector512<float> square = (Vector512.LoadUnsafe(ref v[i]) * beta2) + (gradient * gradient * fresh2);
                mean.StoreUnsafe(ref m[i]);
                square.StoreUnsafe(ref v[i]);
                Vector512<float> divisor = (Vector512.Sqrt(square) / roots) + small;
                ((Vector512.LoadUnsafe(ref p[i]) * retain) - (mean * rate / divisor)).StoreUnsafe(ref p[i]);
            }

            for (; i < p.Length; i++)
            {
                m[i] = (m[i] * beta1) + (g[i] * fresh1);
                v[i] = (v[i] * beta2) + (g[i] * g[i] * fresh2);
                p[i] = (p[i] * retain) - (m[i] * rate / ((MathF.Sqrt(v[i]) / root) + epsilon));
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares(Span<float> x)
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        int i = 0;
        for (; i <= x.Length - Width; i += Width)
        {
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.LoadUnsafe(ref x[i]));
            low += a * a;
            high += b * b;
        }

        double sum = Vector512.Sum(low + high);
        for (; i < x.Length; i++)
        {
            sum += (double)x[i] * x[i];
        }

        return sum;
    }
}
