using CsCheck;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Linting.Copies;

namespace FocalSharp.Core.Tests.Datasets.Linting;

public sealed class DuplicateFinderTests
{
    [Fact]
    public void The_index_finds_exactly_the_hashes_within_the_radius() =>
        Gen.Select(Gen.ULong.Array[1, 60], Gen.ULong.Array[0, 9].Array[0, 30], Gen.Int[0, 59]).Sample((seeds, _, at) =>
        {
            // Half of the hashes are others with 0 to 9 bits turned, so that some lie near and some just beyond.
            List<ulong> hashes = [.. seeds];
            for (int i = 0; i < seeds.Length; i++)
            {
                ulong near = seeds[i];
                for (int bit = 0; bit < i % 10; bit++)
                {
                    near ^= 1UL << (((i * 7) + (bit * 11)) % 64);
                }

                hashes.Add(near);
            }

            ulong query = hashes[at % hashes.Count];
            HashSet<int> found = [];
            new HashIndex(hashes).VisitNeighbors(query, (item, bits) =>
            {
                Assert.Equal(System.Numerics.BitOperations.PopCount(hashes[item] ^ query), bits);
                found.Add(item);
                return true;
            });

            Assert.Equal(
                Enumerable.Range(0, hashes.Count).Where(i => System.Numerics.BitOperations.PopCount(hashes[i] ^ query) <= HashIndex.Radius), found.Order());
        });

    [Fact]
    public void Equal_hashes_of_different_images_are_not_duplicates()
    {
        DetectionDataset set = LintDatasets.Valid();
        ImageFingerprint[] prints = LintDatasets.Fingerprints(set.Images.Count);
        prints[8] = prints[8] with { Hash = prints[2].Hash };
        prints[9] = prints[2] with { Content = 77, MeanColor = (90, 0, 0) };

        Assert.Empty(DuplicateFinder.Find(set.Images, prints).WithinSplit);
    }

    [Fact]
    public void A_mirrored_duplicate_is_found()
    {
        DetectionDataset set = LintDatasets.Valid();
        ImageFingerprint[] prints = LintDatasets.Fingerprints(set.Images.Count);
        ImageFingerprint original = prints[2];
        prints[8] = original with
        {
            Content = 77,
            Hash = original.MirroredHash,
            MirroredHash = original.Hash,
            Thumbnail = [.. Enumerable.Range(0, 256).Select(i => original.Thumbnail[(i / 16 * 16) + 15 - (i % 16)])],
        };

        Assert.Equal([new NearDuplicate(8, 2, 0, Mirrored: true)], DuplicateFinder.Find(set.Images, prints).WithinSplit);
    }

    [Fact]
    public void Each_frame_of_a_video_is_matched_with_one_earlier_frame()
    {
        const int Frames = 3000;
        ImageFingerprint first = LintDatasets.Fingerprint(new Random(1));
        ImageFingerprint[] prints = [.. Enumerable.Range(0, Frames).Select(i => first with { Content = (UInt128)(i + 1) })];
        DatasetImage[] images = [.. Enumerable.Range(0, Frames).Select(i => LintDatasets.Valid().Images[0] with { Id = i, FileName = $"{i}.png" })];

        DuplicateMap copies = DuplicateFinder.Find(images, prints);

        Assert.Equal(Frames - 1, copies.WithinSplit.Count);
        Assert.All(copies.WithinSplit, copy => Assert.True(copy.Other < copy.Image));
    }

    [Fact]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void A_hundred_thousand_images_are_checked_in_bounded_memory()
    {
        const int Count = 100_000;
        DetectionDataset sound = LintDatasets.Valid();
        DetectionDataset set = sound with
        {
            Images =
            [
                .. Enumerable.Range(0, Count).Select(i => sound.Images[i % sound.Images.Count] with
                {
                    Id = i,
                    FileName = $"{i}.png",
                    Objects = [.. sound.Images[i % sound.Images.Count].Objects.Select(item => item with { Box = item.Box.Translate(i * 0.0004f, 0) })],
                }),
            ],
        };
        ImageFingerprint[] prints = LintDatasets.Fingerprints(Count);
        prints[Count - 1] = prints[0] with { Content = 9, Hash = prints[0].Hash ^ 0b101 };
        long before = GC.GetTotalAllocatedBytes(precise: true);

        DatasetReport report = DatasetCheck.Run(set, null, prints);

        // Five boxes an image: the sizes' quantiles sort some copies of 500,000 numbers; nothing grows with the square of the images.
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Count;
        Assert.True(each < 16_000, $"{each} bytes allocated an image");
        LintFinding leak = Assert.Single(report.Findings, finding => finding.Id == "FS402");
        Assert.Equal((1, $"{Count - 1}.png"), (leak.Count, leak.Examples[0].Image));
        Assert.DoesNotContain(report.Findings, finding => finding.Id == "FS404");
    }
}
