using System;
using System.IO;
using System.Text;
#if !SYMBOL_VERSION_PATCH_ONLY
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
#endif

#nullable disable

namespace FocalSharp.Build
{
    /// <summary>
    /// Lets TorchSharp's native library load if libstdc++ is older than GCC 13 (Debian 12, Ubuntu 22.04, RHEL 9).
    /// The library requires symbol version GLIBCXX_3.4.32 only because of a marker symbol that is never called. Marking this
    /// requirement weak in the ELF section .gnu.version_r makes the dynamic loader accept its absence, and changes nothing where it is present.
    /// Compiled by MSBuild (an inline task) and by the tests; depends on the base library only.
    /// </summary>
    public static class SymbolVersionPatch
    {
        /// <summary>The symbol version that TorchSharp's library requires and does not use.</summary>
        public const string Version = "GLIBCXX_3.4.32";

        private const ushort WeakFlag = 0x2; // VER_FLG_WEAK of the ELF gABI
        private const uint SectionTypeVerneed = 0x6ffffffe; // SHT_GNU_verneed

        /// <summary>
        /// Marks the requirement weak in a copy of the library. Returns false without changing the bytes if the library is
        /// not a 64-bit little-endian ELF file, does not require the version, or requires it weakly already.
        /// </summary>
        public static bool Apply(byte[] library)
        {
            if (library.Length < 64 || library[0] != 0x7f || library[1] != 'E' || library[2] != 'L' || library[3] != 'F'
                || library[4] != 2 || library[5] != 1)
            {
                return false;
            }

            long sectionTable = BitConverter.ToInt64(library, 0x28);
            int entrySize = BitConverter.ToUInt16(library, 0x3a);
            int entries = BitConverter.ToUInt16(library, 0x3c);
            for (int i = 0; i < entries; i++)
            {
                long header = sectionTable + (long)i * entrySize;
                if (header < 0 || header + 64 > library.Length || BitConverter.ToUInt32(library, (int)header + 4) != SectionTypeVerneed)
                {
                    continue;
                }

                long offset = BitConverter.ToInt64(library, (int)header + 0x18);
                int link = BitConverter.ToInt32(library, (int)header + 0x28);
                int records = BitConverter.ToInt32(library, (int)header + 0x2c);
                long strings = BitConverter.ToInt64(library, (int)(sectionTable + (long)link * entrySize + 0x18));
                return MarkWeak(library, offset, records, strings);
            }

            return false;
        }

        /// <summary>
        /// Patches the file through a temporary file and a rename, so that a hard link to a package cache is not modified. The
        /// time stamp is preserved, so that an incremental build does not copy the file again.
        /// </summary>
        public static bool ApplyToFile(string path)
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (!Apply(bytes))
            {
                return false;
            }

            DateTime stamp = File.GetLastWriteTimeUtc(path);
            string temporary = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
            File.WriteAllBytes(temporary, bytes);
            File.SetLastWriteTimeUtc(temporary, stamp);
            File.Delete(path);
            File.Move(temporary, path);
            return true;
        }

        private static bool MarkWeak(byte[] library, long offset, int records, long strings)
        {
            // Elf64_Verneed: vn_version u16, vn_cnt u16, vn_file u32, vn_aux u32, vn_next u32.
            // Elf64_Vernaux: vna_hash u32, vna_flags u16, vna_other u16, vna_name u32, vna_next u32.
            long need = offset;
            for (int r = 0; r < records; r++)
            {
                int count = BitConverter.ToUInt16(library, (int)need + 2);
                long aux = need + BitConverter.ToUInt32(library, (int)need + 8);
                for (int a = 0; a < count; a++)
                {
                    if (NameAt(library, strings + BitConverter.ToUInt32(library, (int)aux + 8)) == Version)
                    {
                        ushort flags = BitConverter.ToUInt16(library, (int)aux + 4);
                        if ((flags & WeakFlag) != 0)
                        {
                            return false;
                        }

                        library[aux + 4] = (byte)(flags | WeakFlag);
                        return true;
                    }

                    aux += BitConverter.ToUInt32(library, (int)aux + 12);
                }

                need += BitConverter.ToUInt32(library, (int)need + 12);
            }

            return false;
        }

        private static string NameAt(byte[] library, long start)
        {
            int end = Array.IndexOf(library, (byte)0, (int)start);
            return Encoding.ASCII.GetString(library, (int)start, end - (int)start);
        }
    }

#if !SYMBOL_VERSION_PATCH_ONLY
    /// <summary>The MSBuild task of <see cref="SymbolVersionPatch"/>: patches the build's output copy, never a package cache.</summary>
    public sealed class PatchSymbolVersion : Task
    {
        /// <summary>The output copy of TorchSharp's native library.</summary>
        [Required]
        public string Library { get; set; } = "";

        /// <inheritdoc/>
        public override bool Execute()
        {
            if (SymbolVersionPatch.ApplyToFile(Library))
            {
                Log.LogMessage(MessageImportance.Normal, "{0}: requirement {1} marked weak, so that it loads with an older libstdc++ too.", Library, SymbolVersionPatch.Version);
            }

            return true;
        }
    }
#endif
}
