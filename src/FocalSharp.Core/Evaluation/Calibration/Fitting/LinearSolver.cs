namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Solves small systems of linear equations.</summary>
internal static class LinearSolver
{
    /// <summary>Solves <c>A x = b</c> for a symmetric positive definite A by Cholesky decomposition.</summary>
    /// <param name="matrix">A; only its lower triangle is read.</param>
    /// <param name="right">b.</param>
    public static double[] SolveSymmetric(double[,] matrix, double[] right)
    {
        int n = right.Length;
        double[,] factor = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= factor[i, k] * factor[j, k];
                }

                factor[i, j] = i == j ? Math.Sqrt(Math.Max(sum, double.Epsilon)) : sum / factor[j, j];
            }
        }

        double[] x = new double[n];
        for (int i = 0; i < n; i++)
        {
            double sum = right[i];
            for (int k = 0; k < i; k++)
            {
                sum -= factor[i, k] * x[k];
            }

            x[i] = sum / factor[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double sum = x[i];
            for (int k = i + 1; k < n; k++)
            {
                sum -= factor[k, i] * x[k];
            }

            x[i] = sum / factor[i, i];
        }

        return x;
    }
}
