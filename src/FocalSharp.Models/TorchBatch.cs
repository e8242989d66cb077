using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;

namespace FocalSharp.Models;

/// <summary>Images of one input size, packed for libtorch.</summary>
/// <param name="Pixels">uint8 <c>[batch, 3, height, width]</c>, RGB.</param>
/// <param name="InputSize">Height and width.</param>
/// <param name="Transforms">Position and scale of each image in the input.</param>
/// <param name="Images">Index and original size of each image.</param>
internal sealed record TorchBatch(byte[] Pixels, ImageSize InputSize, ResizeTransform[] Transforms, IReadOnlyList<(int Index, ImageSize Size)> Images)
{
    /// <summary>Sizes collected at once; beyond that the fullest batch is returned early. Bounds memory for any mix of sizes.</summary>
    private const int MaxOpenGroups = 8;

    /// <summary>Groups images by input size.</summary>
    /// <param name="images">The images, enumerated once.</param>
    /// <param name="maxBatch">Maximum images per batch.</param>
    /// <param name="disposeImages">Whether images are disposed once packed.</param>
    public static IEnumerable<TorchBatch> CreateAll(IEnumerable<PreparedImage> images, int maxBatch, bool disposeImages)
    {
        Dictionary<ImageSize, List<(int Index, PreparedImage Image)>> open = [];
        try
        {
            int index = 0;
            foreach (PreparedImage image in images)
            {
                if (!open.TryGetValue(image.InputSize, out List<(int Index, PreparedImage Image)>? group))
                {
                    if (open.Count == MaxOpenGroups)
                    {
                        yield return Pack(open.MaxBy(entry => entry.Value.Count).Key);
                    }

                    open.Add(image.InputSize, group = []);
                }

                group.Add((index++, image));
                if (group.Count == maxBatch)
                {
                    yield return Pack(image.InputSize);
                }
            }

            while (open.Count > 0)
            {
                yield return Pack(open.Keys.First());
            }
        }
        finally
        {
            foreach ((_, PreparedImage image) in open.Values.SelectMany(group => group))
            {
                Release(image);
            }
        }

        TorchBatch Pack(ImageSize size)
        {
            open.Remove(size, out List<(int Index, PreparedImage Image)>? group);
            int plane = checked(3 * size.Width * size.Height);
            byte[] pixels = new byte[checked(group!.Count * plane)];
            for (int i = 0; i < group.Count; i++)
            {
                ChwPacking.Write(group[i].Image.Pixels, pixels.AsSpan(i * plane, plane), size.Width, size.Height);
            }

            TorchBatch batch = new(
                pixels, size, [.. group.Select(member => member.Image.Transform)], [.. group.Select(member => (member.Index, member.Image.OriginalSize))]);
            group.ForEach(member => Release(member.Image));
            return batch;
        }

        void Release(PreparedImage image)
        {
            if (disposeImages)
            {
                image.Dispose();
            }
        }
    }
}
