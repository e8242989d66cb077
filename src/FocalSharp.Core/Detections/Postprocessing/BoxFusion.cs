using System.Runtime.InteropServices;
using FocalSharp.Boxes;

namespace FocalSharp.Detections.Postprocessing;

/// <summary>
/// Weighted boxes fusion (Solovyev et al. 2021): in descending order of score, a candidate joins the cluster of its class whose box it overlaps most, if that is
/// more than the threshold, and the cluster's box becomes the mean of its members weighted by score.
/// </summary>
internal static class BoxFusion
{
    /// <summary>The IoU above which a candidate joins a cluster (paper: 0.55).</summary>
    public const float MinIou = 0.55f;

    /// <summary>Fuses the candidates of one model: the score of a cluster is that of its best member, since candidates of one image are not independent votes.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="max">The largest number of results.</param>
    /// <returns>The best member and the fused detection of each cluster, highest score first.</returns>
    public static List<(int Index, Detection Detection)> Fuse(List<Detection> candidates, int max)
    {
        List<Cluster> clusters = Group(candidates);
        List<(int Index, Detection Detection)> fused = new(Math.Min(clusters.Count, max));
        foreach (Cluster cluster in clusters)
        {
            if (fused.Count == max)
            {
                break;
            }

            fused.Add((cluster.Best, cluster.ToDetection(candidates[cluster.Best])));
        }

        return fused;
    }

    /// <summary>Groups candidates; clusters are in descending order of their best score.</summary>
    internal static List<Cluster> Group(List<Detection> candidates)
    {
        ReadOnlySpan<Detection> all = CollectionsMarshal.AsSpan(candidates);
        int[] order = [.. Enumerable.Range(0, candidates.Count).OrderByDescending(i => candidates[i].Score)];
        List<Cluster> clusters = [];
        foreach (int index in order)
        {
            ref readonly Detection candidate = ref all[index];
            Cluster? best = null;
            float highest = MinIou;
            foreach (Cluster cluster in clusters)
            {
                float iou = cluster.Label == candidate.Label ? BoxIou.Iou(cluster.Box, candidate.Box) : 0;
                if (iou > highest)
                {
                    (best, highest) = (cluster, iou);
                }
            }

            if (best is null)
            {
                clusters.Add(best = new Cluster(index, candidate.Label));
            }

            best.Add(index, candidate);
        }

        return clusters;
    }

    /// <summary>Candidates of one object.</summary>
    internal sealed class Cluster(int best, int label)
    {
        private readonly List<int> _members = [];
        private double _weight;
        private readonly double[] _sums = new double[4];
        private readonly double[] _squares = new double[4];
        private readonly double[] _variances = new double[4];

        /// <summary>Gets the index of the best member.</summary>
        public int Best { get; } = best;

        /// <summary>Gets the class.</summary>
        public int Label { get; } = label;

        /// <summary>Gets the indices of the members.</summary>
        public IReadOnlyList<int> Members => _members;

        /// <summary>Gets the fused box.</summary>
        public Box Box { get; private set; }

        /// <summary>Gets how much the members' edges differ: their standard deviation, weighted by score.</summary>
        public SideValues Spread => new(Deviation(_squares, 0), Deviation(_squares, 1), Deviation(_squares, 2), Deviation(_squares, 3));

        /// <summary>Adds a member.</summary>
        public void Add(int index, in Detection member)
        {
            _members.Add(index);
            double weight = member.Score;
            _weight += weight;
            for (int side = 0; side < 4; side++)
            {
                double edge = side switch { 0 => member.Box.X1, 1 => member.Box.Y1, 2 => member.Box.X2, _ => member.Box.Y2 };
                double deviation = member.Deviation[side];
                _sums[side] += weight * edge;
                _squares[side] += weight * edge * edge;
                _variances[side] += weight * deviation * deviation;
            }

            Box = new Box((float)(_sums[0] / _weight), (float)(_sums[1] / _weight), (float)(_sums[2] / _weight), (float)(_sums[3] / _weight));
        }

        /// <summary>Returns the fused detection with the score of the best member; its deviations are those of the mixture of the members.</summary>
        public Detection ToDetection(in Detection best)
        {
            Span<float> deviations = stackalloc float[4];
            for (int side = 0; side < 4; side++)
            {
                float spread = Deviation(_squares, side);
                deviations[side] = (float)Math.Sqrt((_variances[side] / _weight) + ((double)spread * spread));
            }

            return best with { Box = Box, Deviation = new SideValues(deviations[0], deviations[1], deviations[2], deviations[3]) };
        }

        private float Deviation(double[] squares, int side)
        {
            double mean = _sums[side] / _weight;
            return (float)Math.Sqrt(Math.Max((squares[side] / _weight) - (mean * mean), 0));
        }
    }
}
